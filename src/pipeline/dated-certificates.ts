import type { DatedCertificate } from '../certificates/expiry.ts';
import type { ObjectKey } from '../model/object-ref.ts';
import type { Intent, Translation } from '../routes/intent.ts';

type Dated = Pick<Translation, 'clientCertificates' | 'intents'>;

/** The certificates that objects and fleets ask for, those included that lose them to others. */
export class DatedCertificates {
  readonly #byUnit = new Map<ObjectKey, readonly DatedCertificate[]>();
  #all: readonly DatedCertificate[] | undefined;

  /** The very list of the last call for as long as nothing has changed. */
  get all(): readonly DatedCertificate[] {
    this.#all ??= [...this.#byUnit.values()].flat();
    return this.#all;
  }

  /** Puts the certificates of a unit in place of its former ones. */
  replace(unit: ObjectKey, { intents, clientCertificates = [] }: Dated): void {
    // One for all fleets of an object.
    const next = new Map(
      [...intents.flatMap((intent) => toDated(intent) ?? []), ...clientCertificates].map((dated) => [
        dated.field,
        dated,
      ]),
    );
    if (next.size === 0 && !this.#byUnit.has(unit)) return;
    this.#all = undefined;
    if (next.size > 0) this.#byUnit.set(unit, [...next.values()]);
    else this.#byUnit.delete(unit);
  }
}

function toDated(intent: Intent): DatedCertificate | undefined {
  switch (intent.kind) {
    case 'certificate': {
      const { owner, why, secret, validity } = intent;
      return { subject: owner.ref, field: why.field, secretName: secret.name, validity };
    }
    case 'default-certificate': {
      const { owner, why, fleet, validity } = intent;
      const subject = { source: owner.ref.source, kind: 'Fleet', namespace: '', name: fleet };
      return { subject, field: why.field, secretName: owner.ref.name, validity };
    }
    case 'http':
    case 'port':
    case 'sni':
      return undefined;
  }
}
