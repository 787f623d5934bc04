import type { EndpointGroup, IpFamily, Service, ServicePort } from '../../model/objects.ts';
import { findEndpointPort } from './endpoint-port.ts';
import type { Finding } from './finding.ts';

/** A port of a Service that no endpoint can serve. */
export interface Emptiness {
  readonly service: Service;
  readonly port: ServicePort;
  readonly groups: readonly EndpointGroup[];
  /** The only one that counts; undefined when both do. */
  readonly family: IpFamily | undefined;
  readonly isByHand: (group: EndpointGroup) => boolean;
  /** False in a folder. */
  readonly mayHavePods: boolean;
}

/** Why there is no server although an endpoint could be one. */
export function explainWeights({ meta }: Service): Finding {
  const message = `fairlead.dev/weights gives 0 to every endpoint of Service ${meta.ref.name} that could serve`;
  return { code: 'no-endpoints', message, hint: 'Give one of them a weight above 0.' };
}

/** Why no endpoint can serve. What Kubernetes made is on its way perhaps; what is written by hand and does not fit stays so. */
export function explainEmptiness({
  service,
  port,
  groups,
  family,
  isByHand,
  mayHavePods,
}: Emptiness): Finding {
  const { name } = service.meta.ref;
  const filled = groups.filter(({ endpoints }) => endpoints.length > 0);
  if (filled.length === 0) {
    const hint = service.hasSelector
      ? mayHavePods
        ? 'Check that pods match its selector and are ready.'
        : 'A folder has no pods: set fairlead.dev/backends to clusterip or dns, or add the endpoints.'
      : 'Add an EndpointSlice with the label kubernetes.io/service-name, or an Endpoints object of the same name.';
    return { code: 'no-endpoints', message: `Service ${name} has no endpoints`, hint };
  }
  const fitting = filled.filter((group) => findEndpointPort(group, port) !== undefined);
  if (fitting.length === 0) {
    return {
      code: filled.some(isByHand) ? 'endpoints-mismatched' : 'no-endpoints',
      message: `the endpoints of Service ${name} lack ${toWanted(port)}; they have ${toOffered(filled)}`,
      hint: 'Give the port of the endpoints the name and the protocol that it has in the Service.',
    };
  }
  const ofFamily = family === undefined || fitting.some(({ addressType }) => addressType === family);
  return ofFamily
    ? {
        code: 'no-endpoints',
        message: `no endpoint of Service ${name} is ready`,
        hint: 'Check the readiness of its pods or machines.',
      }
    : {
        code: 'endpoints-mismatched',
        message: `no endpoint of Service ${name} has an ${family} address, and services.ipFamily leaves out the others`,
        hint: `Give the Service endpoints of ${family}, or change services.ipFamily.`,
      };
}

function toWanted({ name, protocol }: ServicePort): string {
  return name === '' ? `an unnamed ${protocol} port` : `a ${protocol} port ${name}`;
}

/** So many ports of the endpoints are named, and so many looked at: a Service may have thousands of slices, and that for each of its ports. */
const mostNamed = 10;
const mostLookedAt = 500;

function toOffered(groups: readonly EndpointGroup[]): string {
  const offered = new Set<string>();
  let looked = 0;
  for (const { name, port, protocol } of listPorts(groups)) {
    offered.add(`${name || 'an unnamed one'} (${port}/${protocol})`);
    looked += 1;
    if (offered.size === mostNamed || looked === mostLookedAt) break;
  }
  return [...offered].join(', ') || 'no ports';
}

function* listPorts(groups: readonly EndpointGroup[]): IterableIterator<EndpointGroup['ports'][number]> {
  for (const { ports } of groups) yield* ports;
}
