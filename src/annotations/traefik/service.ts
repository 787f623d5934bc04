import { defineFeature } from '../feature.ts';
import { oneOf, quote } from '../parsers.ts';
import { traefikPrefix } from './keys.ts';
import { goBoolean, reference } from './values.ts';

const serversScheme = oneOf('http', 'https', 'h2c');
const rest = { on: ['Service'], whenInvalid: 'use-default' } as const;
const yesOrNo = { ...rest, parse: goBoolean, value: '`"true"` or `"false"`' } as const;

/** How Traefik reaches a Service, by the annotations of its own provider. */
export const traefikService = defineFeature({
  name: 'traefik-service',
  annotations: {
    scheme: {
      ...rest,
      key: `${traefikPrefix}service.serversscheme`,
      parse: serversScheme,
      value: '`http`, `https` or `h2c`',
      example: 'h2c',
      doc: 'The protocol towards the endpoints.',
      differs: 'Any other value is refused, where with Traefik each request fails.',
    },
    transport: {
      ...rest,
      key: `${traefikPrefix}service.serverstransport`,
      parse: reference,
      value: '`NAMESPACE-NAME@kubernetescrd` or `NAME@file`, as `ingress.references` allows',
      example: 'shop-mtls@kubernetescrd',
      doc: 'The servers transport: its TLS and its timeouts. Fairlead cannot see whether it is there: Traefik switches off routes to a Service that names one which is not. Annotations that make a transport of their own, such as `fairlead.dev/ca`, count before it.',
      differs: 'A name that is refused leaves the standard transport, where Traefik leaves out the path.',
    },
    passHostHeader: {
      ...yesOrNo,
      key: `${traefikPrefix}service.passhostheader`,
      example: 'false',
      doc: 'Whether the endpoints get the host that the client asked for (default), or their own address.',
    },
    nativeLb: {
      ...yesOrNo,
      key: `${traefikPrefix}service.nativelb`,
      example: 'true',
      doc: 'Whether traffic goes to the cluster IP of the Service in place of its endpoints, as with `fairlead.dev/backends`.',
    },
    nodePortLb: {
      ...yesOrNo,
      key: `${traefikPrefix}service.nodeportlb`,
      example: 'true',
      doc: 'Whether traffic of a Service of type NodePort goes to its node port on each node.',
      differs: 'The nodes are those of `sources[].nodes`; Fairlead does not read them from the cluster.',
    },
  },
  apply: ({ scheme, transport, passHostHeader, nativeLb, nodePortLb }, { lookUp, fault }) => {
    const refused = transport === undefined ? undefined : lookUp.reference(transport);
    if (refused !== undefined) fault('transport', `${quote(transport ?? '')} ${refused.why}`, refused.hint);
    const loadBalancer = {
      ...(passHostHeader !== undefined && { passHostHeader }),
      ...(transport !== undefined && refused === undefined && { serversTransport: transport }),
    };
    return {
      ...(scheme && { scheme }),
      ...(Object.keys(loadBalancer).length > 0 && { loadBalancer }),
      ...(nativeLb !== undefined && { backends: nativeLb ? 'clusterip' : 'endpoints' }),
      ...(nodePortLb === true && { nodePortLb }),
    };
  },
});
