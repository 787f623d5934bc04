import { toCanonicalAddress } from '../../lib/canonical-address.ts';
import type { Endpoint, EndpointGroup } from '../../model/objects.ts';
import type { Directives } from '../../annotations/directives.ts';
import { facts } from '../../annotations/parts.ts';
import { toUses, type AnnotationUse } from '../../routes/why.ts';
import { readEndpointAnnotations, type Translating } from '../context.ts';

type WeightMap = NonNullable<Directives['weights']>;

/** The weights of the endpoints of a Service. */
export interface Weights {
  of(group: EndpointGroup, endpoint: Endpoint, address: string): number;
  /** The parts of the directives of the Service that name an endpoint, ready or not. */
  readonly carried: readonly string[];
  /** The same of the annotations of slices. */
  readonly uses: readonly AnnotationUse[];
}

/**
 * What is said of each endpoint: by the slice that it stands in, else by the Service, else 1. Whoever looks after a machine may take
 * it out, whatever stands elsewhere. A slice has no say about the endpoints of others.
 * @param most So many addresses are looked at to find out which weights are used.
 */
export function toWeights(
  context: Translating,
  directives: Directives,
  groups: readonly EndpointGroup[],
  most: number,
): Weights {
  const ofGroup = new Map<EndpointGroup, WeightMap>();
  for (const group of groups) {
    if (Object.keys(group.meta.annotations).length === 0) continue;
    const { weights } = readEndpointAnnotations(context, group.meta).directives;
    if (weights !== undefined) ofGroup.set(group, weights);
  }
  const { weights: ofService = none } = directives;
  if (ofGroup.size === 0 && ofService.size === 0) return equal;
  return {
    of(group, endpoint, address) {
      const names = toNames(endpoint, address);
      const own = ofGroup.get(group) ?? none;
      return own.get(findName(own, names) ?? '') ?? ofService.get(findName(ofService, names) ?? '') ?? 1;
    },
    ...findUsed(groups, ofGroup, ofService, most),
  };
}

const none: WeightMap = new Map();
const equal: Weights = { of: () => 1, carried: [], uses: [] };

/** What a weight may call an endpoint, as `Directives` has it; the narrowest first. */
function toNames({ hostname }: Endpoint, address: string): readonly string[] {
  return [...[address, hostname ?? []].flat().map(toCanonicalAddress), '*'];
}

function findName(weights: WeightMap, names: readonly string[]): string | undefined {
  return weights.size === 0 ? undefined : names.find((name) => weights.has(name));
}

function findUsed(
  groups: readonly EndpointGroup[],
  ofGroup: ReadonlyMap<EndpointGroup, WeightMap>,
  ofService: WeightMap,
  most: number,
): Pick<Weights, 'carried' | 'uses'> {
  const carried = new Set<string>(ofGroup.size > 0 ? [facts.weighedBySlices] : []);
  let count = 0;
  const uses = groups.flatMap((group) => {
    const own = ofGroup.get(group) ?? none;
    const used = new Set<string>([facts.endpoints]);
    for (const endpoint of group.endpoints) {
      for (const address of endpoint.addresses) {
        if (++count > most) break;
        const names = toNames(endpoint, address);
        const name = findName(own, names);
        const ofAll = findName(ofService, names);
        if (name !== undefined) used.add(`weights/${name}`);
        else if (ofAll !== undefined) carried.add(`weights/${ofAll}`);
      }
    }
    return own.size === 0 ? [] : toUses(group.meta.ref, used);
  });
  return {
    carried: [...carried],
    uses: [...new Map(uses.map((use) => [`${use.object} ${use.part}`, use])).values()],
  };
}
