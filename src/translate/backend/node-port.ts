import type { Service, ServicePort } from '../../model/objects.ts';
import type { Translating } from '../context.ts';
import { isOfFamily, toFamily } from './ip-family.ts';
import { toWeightedAddress, type Servers } from './finding.ts';

/** What an API server gives out by default (`--service-node-port-range`). */
const usual = { from: 30_000, to: 32_767 };

/**
 * The node port of a Service port on each node that the settings name: for an edge that reaches the nodes of a cluster, and nothing
 * behind them. A pod that comes or goes changes nothing.
 */
export function resolveNodePort(
  { settings, folders }: Translating,
  service: Service,
  { port, nodePort }: ServicePort,
): Servers {
  const { name, source } = service.meta.ref;
  if (nodePort === undefined)
    return refuse(
      `port ${port} of Service ${name} has no node port`,
      'Make it a Service of type NodePort or LoadBalancer, or choose another of fairlead.dev/backends.',
    );
  // In a cluster the API server sees to the number. By hand it could be that of any other program of the nodes.
  if (folders.has(source) && (nodePort < usual.from || nodePort > usual.to))
    return refuse(
      `node port ${nodePort} of Service ${name} is none of ${usual.from}-${usual.to}`,
      'Write the number that the API server has given.',
    );
  const family = toFamily(service, settings.services.ipFamily);
  const all = settings.sources.find((each) => each.name === source)?.nodes ?? [];
  const nodes = all.filter((node) => isOfFamily(node, family));
  if (nodes.length === 0)
    return refuse(
      all.length === 0
        ? `source ${source} has no nodes to reach Service ${name} by`
        : `source ${source} has no node of ${family} to reach Service ${name} by`,
      'Ask the operators of the edge to name the nodes in sources[].nodes.',
    );
  const addresses = nodes.map((node) => toWeightedAddress(node, nodePort));
  return { addresses: addresses.sort((a, b) => (a.address < b.address ? -1 : 1)), findings: [], carried: [] };
}

function refuse(message: string, hint: string): Servers {
  return { addresses: [], findings: [{ code: 'backend-unsupported', message, hint }], carried: [] };
}
