import { readAuthorities } from '../../certificates/read-authorities.ts';
import type { NamedRef } from '../../model/gateway-specs.ts';
import { toObjectKey, type ObjectRef } from '../../model/object-ref.ts';
import type { BackendTLSPolicy, ServicePort } from '../../model/objects.ts';
import type { TraefikVersion } from '../../settings/settings.ts';
import type { ServersTransport } from '../../traefik/servers-transport.ts';
import { toHostName } from '../../traefik/rule-text.ts';
import { knowsServerNames } from '../../traefik/versions.ts';
import type { Translating } from '../context.ts';
import type { FieldRefusal } from './unsupported.ts';

/** TLS as a policy asks for it, as a part of a servers transport. */
export type PolicyTls = Pick<
  ServersTransport,
  'insecureSkipVerify' | 'peerCertSANs' | 'rootCAs' | 'serverName'
>;

/** What a policy comes to. Without `tls` nothing may be sent to its Services. */
export interface PolicyResult {
  readonly tls?: PolicyTls;
  readonly accepted?: FieldRefusal;
  readonly resolvedRefs?: FieldRefusal;
}

/** The policy that a port of a Service has: one for the port goes before one for the Service, and then the elder before the younger. */
export function findPolicy(
  { view }: Pick<Translating, 'view'>,
  service: ObjectRef,
  port: Pick<ServicePort, 'name'>,
): BackendTLSPolicy | undefined {
  const policies = view.policiesFor(service);
  if (policies.length === 0) return undefined;
  const isFor = (policy: BackendTLSPolicy, section: string | undefined): boolean =>
    policy.targetRefs.some((target) => isTarget(target, service) && target.sectionName === section);
  return (
    policies.find((policy) => port.name !== '' && isFor(policy, port.name)) ??
    policies.find((policy) => isFor(policy, undefined))
  );
}

/** Whether one of the `targetRefs` of a policy is for a Service, which is in the namespace of the policy. */
export function isTarget({ group, kind, name }: NamedRef, service: ObjectRef): boolean {
  return group === '' && kind === 'Service' && name === service.name;
}

/** How TLS is spoken to a port of a Service; `refused`: not as its policy asks for it, and so not at all. Undefined: it has no policy. */
export function findBackendTls(
  context: Translating,
  service: ObjectRef,
  port: ServicePort,
  version: TraefikVersion,
): PolicyTls | 'refused' | undefined {
  // Which Services have a policy is not known: nothing is sent in the clear to one that may have.
  if (context.view.isUnread(service.source, 'BackendTLSPolicy')) return 'refused';
  const policy = findPolicy(context, service, port);
  return policy && (readPolicy(context, policy, version).tls ?? 'refused');
}

/** What a policy says, for a version of Traefik. */
export function readPolicy(
  context: Translating,
  policy: BackendTLSPolicy,
  version: TraefikVersion,
): PolicyResult {
  const { hostname, subjectAltNames, wellKnownCACertificates: wellKnown } = policy.validation;
  const field = 'spec.validation';
  const host = toHostName(hostname);
  if (host.kind === 'invalid' || host.value.startsWith('*'))
    return { accepted: refuse('Invalid', `${field}.hostname`, 'the hostname is not one host', 'Write one.') };
  if (subjectAltNames.length > 0 && !knowsServerNames(version))
    return {
      accepted: refuse(
        'Invalid',
        `${field}.subjectAltNames`,
        `before Traefik 3.8 a certificate can be compared with validation.hostname only`,
        'Remove subjectAltNames, or update Traefik and fleets[].traefik.',
      ),
    };
  if (wellKnown !== undefined && wellKnown !== 'System')
    return {
      accepted: refuse('Invalid', `${field}.wellKnownCACertificates`, 'it is not System', 'Write System.'),
    };
  const { certificates, resolvedRefs } = readRefs(context, policy);
  if (certificates.length === 0 && wellKnown === undefined)
    return { accepted: noCertificate, ...resolvedRefs };
  return {
    tls: {
      serverName: host.value,
      ...(certificates.length > 0 && { rootCAs: certificates }),
      // Also where an annotation of the Service says otherwise. With other names Traefik itself looks at them and at the chain.
      insecureSkipVerify: subjectAltNames.length > 0,
      ...(subjectAltNames.length > 0 && {
        peerCertSANs: subjectAltNames.map(({ type, value }) => ({
          type: type === 'URI' ? ('URI' as const) : ('DNSName' as const),
          value,
        })),
      }),
    },
    ...resolvedRefs,
  };
}

const noCertificate = refuse(
  'NoValidCACertificate',
  'spec.validation.caCertificateRefs',
  'it names no certificate of an authority that can be used, so that nothing is sent to its Services',
  'Name a ConfigMap with certificates in ca.crt, or set wellKnownCACertificates to System.',
);

interface ReadRefs {
  readonly certificates: readonly string[];
  readonly resolvedRefs: Pick<PolicyResult, 'resolvedRefs'>;
}

/** So many the API server takes. */
const mostRefs = 8;

function readRefs(context: Translating, { meta: { ref }, validation }: BackendTLSPolicy): ReadRefs {
  const results = validation.caCertificateRefs.slice(0, mostRefs).map((each) => readRef(context, ref, each));
  const certificates = results.flatMap((each) => (typeof each === 'string' ? each : []));
  const refused = results.find((each) => typeof each !== 'string');
  return { certificates, resolvedRefs: typeof refused === 'object' ? { resolvedRefs: refused } : {} };
}

function readRef(
  { view }: Translating,
  { source, namespace }: ObjectRef,
  { group, kind, name, field }: NamedRef,
): FieldRefusal | string {
  if (group !== '' || (kind !== 'ConfigMap' && kind !== 'Secret'))
    return refuse('InvalidKind', field, `a ${kind.slice(0, 80)} has no certificates`, 'Name a ConfigMap.');
  const object =
    kind === 'Secret' ? view.secret(source, namespace, name) : view.configMap(source, namespace, name);
  const read =
    object === undefined ? 'does not exist' : readAuthorities(object.data['ca.crt'] ?? '', 'ca.crt');
  if (typeof read !== 'string') return read.certificates;
  return refuse(
    'InvalidCACertificateRef',
    field,
    `${kind} ${name} ${read}`,
    'Put the certificates of the authorities into ca.crt, as PEM, in the namespace of the policy.',
  );
}

function refuse(reason: string, field: string, message: string, hint: string): FieldRefusal {
  return { code: 'gateway-policy-refused', reason, field, message, hint };
}

/** Whether an elder policy has the same Service and port. */
export function isConflicted(
  { view }: Pick<Translating, 'view'>,
  policy: BackendTLSPolicy,
  service: ObjectRef,
  section: string | undefined,
): boolean {
  const elder = view
    .policiesFor(service)
    .find(({ targetRefs }) =>
      targetRefs.some((target) => isTarget(target, service) && target.sectionName === section),
    );
  return elder !== undefined && toObjectKey(elder.meta.ref) !== toObjectKey(policy.meta.ref);
}
