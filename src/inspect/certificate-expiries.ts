import { X509Certificate } from 'node:crypto';
import type { Secret, SourceObject } from '../model/objects.ts';
import type { CertificateRow } from '../model/published.ts';

/** So many certificates are read at once: whoever asks gets the rest next time, and nobody waits. */
const mostReadings = 1_000;

/** When certificates end. Each is read once; a Secret that has changed is another object. */
export class CertificateExpiries {
  /** Undefined: it holds no certificate that can be read. */
  readonly #known = new WeakMap<Secret, string | undefined>();

  /** The TLS Secrets whose certificate ends first, the soonest first, at most so many. */
  list(objects: Iterable<SourceObject>, most: number): readonly CertificateRow[] {
    const rows: CertificateRow[] = [];
    let readings = 0;
    for (const object of objects) {
      if (object.kind !== 'Secret' || object.data['tls.crt'] === undefined) continue;
      if (!this.#known.has(object)) {
        if (readings >= mostReadings) continue;
        readings += 1;
        this.#known.set(object, readExpiry(object.data['tls.crt']));
      }
      const notAfter = this.#known.get(object);
      const { source, namespace, name } = object.meta.ref;
      if (notAfter !== undefined) rows.push({ source, namespace, name, notAfter });
    }
    return rows.sort((a, b) => (a.notAfter < b.notAfter ? -1 : 1)).slice(0, most);
  }
}

function readExpiry(pem: string): string | undefined {
  try {
    return new Date(new X509Certificate(pem).validTo).toISOString();
  } catch {
    return undefined;
  }
}
