import type { ConfigMap, SourceObject } from '../../model/objects.ts';
import { compareText, toObjectPath } from '../../model/object-ref.ts';
import type { ImportSettings } from '../../settings/imports.ts';

/** As the guide and the Helm chart of ingress-nginx call them: `tcp-services`, `ingress-nginx-tcp`. */
const usualName = /^(?:(?:.*-)?(tcp|udp)-services|.*(?:ingress|nginx).*-(tcp|udp))$/;
const usualValue = /^[a-z0-9-]+\/[a-z0-9-]+:[a-z0-9-]+(:[A-Za-z]*){0,2}$/;

/** The ConfigMaps that look like TCP and UDP services of ingress-nginx, as imports into a fleet: where none are configured. */
export function findImports(objects: Iterable<SourceObject>, fleet: string): readonly ImportSettings[] {
  const found = [...objects].flatMap((object) => (object.kind === 'ConfigMap' ? [object] : []));
  return found
    .filter(isServiceList)
    .toSorted((a, b) => compareText(toObjectPath(a.meta.ref), toObjectPath(b.meta.ref)))
    .map(({ meta: { ref } }) => ({
      fleet,
      protocol: toProtocol(ref.name),
      source: ref.source,
      place: { kind: 'configMap', namespace: ref.namespace, name: ref.name },
    }));
}

function isServiceList({ meta, data }: ConfigMap): boolean {
  const entries = Object.entries(data);
  return (
    entries.length > 0 &&
    usualName.test(meta.ref.name) &&
    entries.every(([key, value]) => /^\d{1,5}$/.test(key) && value.length < 600 && usualValue.test(value))
  );
}

function toProtocol(name: string): 'tcp' | 'udp' {
  const [, first, second] = usualName.exec(name) ?? [];
  return (first ?? second) === 'udp' ? 'udp' : 'tcp';
}
