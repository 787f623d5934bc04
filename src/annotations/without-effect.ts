import type { ObjectRef } from '../model/object-ref.ts';
import { annotationField, toProblem, type Problem } from '../model/problem.ts';
import { facts, isItemised, tlsParts, toFamily, toPlaceFact, type AskedAnnotation } from './parts.ts';
import { quote } from './parsers.ts';

/** Whether something carries a part of what the object's annotations ask for, or a fact is known of it. */
export type IsCarried = (part: string) => boolean;

interface Reason {
  /** Why it has no effect, as the end of a sentence. */
  readonly why: string;
  readonly hint: string;
}

/** The problem of an annotation that nothing carries, or of the items of its list that nothing does; undefined when all is well. */
export function describeWithoutEffect(
  ref: ObjectRef,
  asked: AskedAnnotation,
  isCarried: IsCarried,
): Problem | undefined {
  const idle = asked.parts.filter((part) => !isCarried(part));
  const items = idle.filter(isItemised);
  if (items.length === 0 && asked.parts.length > idle.length) return undefined;
  const { why, hint } = explain(ref.kind, asked, items, isCarried);
  const isPart = idle.length < asked.parts.length;
  return toProblem('annotation-without-effect', ref, {
    field: annotationField(asked.key),
    message: `${isPart ? 'a part of ' : ''}${asked.key} ${quote(asked.value)} has no effect: ${why}`,
    hint,
  });
}

function explain(
  kind: string,
  asked: AskedAnnotation,
  items: readonly string[],
  isCarried: IsCarried,
): Reason {
  const { parts, needs } = asked;
  if (parts.length === 0 && needs !== undefined)
    return { why: `it needs ${needs}`, hint: `Add ${needs}, or remove it.` };
  const [first] = items;
  if (first !== undefined) return explainItems(kind, toFamily(first), items, isCarried);
  const isHttpOnly = kind === 'Ingress' || (isCarried(facts.http) && !isCarried(facts.tcp));
  const reasons = parts
    .filter((part) => kind === 'Service' || !toFamily(part).startsWith('tcp'))
    // What is about TLS stands for HTTP and for TCP.
    .filter((part) => !isHttpOnly || toFamily(part) !== 'tcpTls')
    .map((part) =>
      kind === 'Service' ? explainOnService(part, isCarried) : explainOnIngress(part, isCarried),
    );
  const [reason = unknown] = reasons;
  return { why: [...new Set([reason, ...reasons].map(({ why }) => why))].join('; '), hint: reason.hint };
}

const unknown: Reason = {
  why: 'nothing else on the object uses it',
  hint: 'Remove it, or look it up in docs/annotations.md.',
};

const notHttps: Reason = {
  why: 'no backend is reached over HTTPS',
  hint: 'Set fairlead.dev/scheme to https, or remove it.',
};

const notTls: Reason = {
  why: 'no TLS is spoken to its TCP ports',
  hint: 'Set fairlead.dev/scheme to tls, or remove it.',
};

function explainOnIngress(part: string, isCarried: IsCarried): Reason {
  if (!isCarried(facts.routed))
    return { why: 'the Ingress routes nothing', hint: 'See its other problems, or remove it.' };
  if (tlsParts.includes(part)) return notHttps;
  if (part !== httpsPart) return isCarried(facts.canary) ? ofCanary : (otherHosts[part] ?? unknown);
  return {
    why: 'no host of the Ingress has TLS by its own namespace or by an older object',
    hint: 'Ask for TLS by spec.tls or fairlead.dev/tls, or remove it.',
  };
}

/** A redirect to HTTPS. */
const httpsPart = 'middlewares/https';

const otherHosts: Readonly<Record<string, Reason>> = {
  aliases: {
    why: 'the rules already have all its hosts',
    hint: 'Name other hosts, on an Ingress whose rules have hosts, or remove it.',
  },
  wwwRedirect: {
    why: 'there is no host with or without "www." that it could redirect',
    hint: 'Remove it.',
  },
};

const ofCanary: Reason = {
  why: 'a canary has it from the Ingress that it belongs to',
  hint: 'Put it on that Ingress, or remove it.',
};

function explainOnService(part: string, isCarried: IsCarried): Reason {
  switch (toFamily(part)) {
    case 'tls':
      return {
        why: 'it needs fairlead.dev/host, fairlead.dev/path or fairlead.dev/sni',
        hint: 'Add one of them, or put it on the Ingress that leads to the Service.',
      };
    case 'fleets':
      return {
        why: 'the Service asks for neither a route nor a pool port itself',
        hint: 'Put it on the Ingress that leads to the Service, or remove it.',
      };
    case 'contiguous':
    case 'pool':
    case 'portsFrom':
    case 'portsTo':
      return {
        why: 'the Service asks for no pool port',
        hint: 'Add fairlead.dev/expose, or remove it.',
      };
    case 'expose':
    case 'exposeEach':
      return { why: 'the Service has no port', hint: 'Add the port to spec.ports, or remove it.' };
    case 'tcpHealth':
    case 'tcpMiddlewares':
    case 'tcpScheme':
    case 'tcpTransport':
      return explainTcp(isCarried);
    case 'udpHealth':
      return isCarried(facts.udp)
        ? notByEndpoints
        : {
            why: 'no UDP port of the Service is exposed, and nothing asks for another check',
            hint: 'Add fairlead.dev/health-path for HTTP or fairlead.dev/health-tcp for TCP, or remove it.',
          };
    case 'tcpTls':
      return isCarried(facts.tcp) ? notTls : explainTcp(isCarried);
    default:
      return explainHttp(part, isCarried);
  }
}

function explainTcp(isCarried: IsCarried): Reason {
  const why = isCarried(facts.udp)
    ? 'the exposed ports are UDP ports'
    : 'no TCP port of the Service is exposed';
  return { why, hint: 'Expose a TCP port by fairlead.dev/expose or fairlead.dev/sni, or remove it.' };
}

const forHttp = 'it is for HTTP, and the Service is only reached by TCP or UDP';

function explainHttp(part: string, isCarried: IsCarried): Reason {
  const hasPorts = isCarried(facts.tcp) || isCarried(facts.udp);
  if (part === 'backends' && (hasPorts || isCarried(facts.http)))
    return { why: 'the Service is of type ExternalName', hint: 'Remove it.' };
  if (!isCarried(facts.http)) {
    if (isCarried(facts.udp) && part === 'loadBalancer/healthCheck') return notAtPort;
    if (isCarried(facts.tcp) && tlsParts.includes(part)) return notTls;
    if (isCarried(facts.tcp) && part === 'scheme')
      return { why: forHttp, hint: 'Write "tls" for TLS to a TCP port, or remove it.' };
    return {
      why: hasPorts ? forHttp : 'no HTTP route leads to the Service',
      hint: 'Add fairlead.dev/host or an Ingress that leads to the Service, or remove it.',
    };
  }
  if (tlsParts.includes(part) && !isCarried(facts.https)) return notHttps;
  if (part === httpsPart)
    return {
      why: 'no host that leads to the Service has TLS by its own namespace or by an older object, or every Ingress that leads there overrides it',
      hint: 'Ask for TLS by fairlead.dev/tls or by spec.tls of the Ingress, or remove it.',
    };
  return {
    why: 'every route to the Service overrides it',
    hint: 'Remove it here or on the Ingress that leads to the Service.',
  };
}

const notAtPort: Reason = {
  why: 'a UDP port is checked at a TCP port beside it, and none is named',
  hint: 'Add fairlead.dev/health-port, or remove it.',
};

const notByEndpoints: Reason = {
  why: 'traffic does not go to the endpoints of the Service',
  hint: 'Set fairlead.dev/backends to endpoints, or remove this annotation.',
};

function explainItems(kind: string, family: string, items: readonly string[], isCarried: IsCarried): Reason {
  if (family === 'requestedPorts') {
    return {
      why: 'the Service asks for no pool port',
      hint: 'Add fairlead.dev/expose with the name or number of the port, or remove it.',
    };
  }
  if (family === 'place') return explainPlaces(items, isCarried);
  return explainWeights(
    kind,
    items.map((item) => item.slice(family.length + 1)),
    isCarried,
  );
}

/** Places of a canary that it is no part of. */
function explainPlaces(items: readonly string[], isCarried: IsCarried): Reason {
  const names = items.map((item) => item.slice('place/'.length));
  const which = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  if (names.some((name) => isCarried(toPlaceFact('limited', name)))) {
    return {
      why: `the Ingress for ${which} does not have the access limits of the canary or its Service, and they cannot apply to some of its requests only`,
      hint: 'Put the same limits on that Ingress, or remove them from the canary and its Service.',
    };
  }
  return names.some((name) => isCarried(toPlaceFact('younger', name)))
    ? { why: `an older canary is in place for ${which}`, hint: 'Remove one of the two.' }
    : {
        why: `no other Ingress of the namespace routes ${which}, with the same path type`,
        hint: 'Create that Ingress, or correct host and path.',
      };
}

function explainWeights(kind: string, names: readonly string[], isCarried: IsCarried): Reason {
  const which = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const isRouted = [facts.http, facts.tcp, facts.udp].some(isCarried);
  if (kind !== 'Service')
    return isCarried(facts.endpoints)
      ? {
          why: `${kind === 'Endpoints' ? 'it' : 'the slice'} has no endpoint ${which}`,
          hint: 'Name addresses or host names that stand in it.',
        }
      : {
          why: 'no traffic goes to the endpoints of its Service',
          hint: 'See the problems of the Service, or remove it.',
        };
  if (isRouted && !isCarried(facts.endpoints)) return notByEndpoints;
  return {
    why: `the Service has no endpoint ${which}${isCarried(facts.weighedBySlices) ? ' without a weight of its own in its EndpointSlice' : ''}`,
    hint: 'Name addresses or host names that stand in its EndpointSlices.',
  };
}
