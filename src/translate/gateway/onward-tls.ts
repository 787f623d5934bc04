import type { Directives } from '../../annotations/directives.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { ClientTls } from '../../traefik/servers-transport.ts';
import { toClientCertificate } from '../secret-pair.ts';
import type { Translating } from '../context.ts';
import type { BackendTarget } from './backend-ref.ts';
import { findBackendTls, type PolicyTls } from './backend-tls.ts';
import type { Attachment } from './attach.ts';
import type { ResolvedParent } from './resolved.ts';

/** How connections that come in at some listeners go on: whether Traefik may speak TLS to backends, and by which certificate. */
export interface Onward {
  /** False where the TLS of the client passes through. */
  readonly speaksTls: boolean;
  readonly client?: {
    readonly secret: { readonly namespace: string; readonly name: string };
    /** Of the Gateway that says so. */
    readonly name: string;
  };
}

/** How connections go on from a parent; what passes through does so from all parents alike. */
export function toOnward({ clientCertificate: secret, gateway }: ResolvedParent, speaksTls: boolean): Onward {
  if (!speaksTls || secret === undefined) return { speaksTls };
  return { speaksTls, client: { secret, name: `${gateway.namespace}:${gateway.name}` } };
}

/** Those of the parents that have accepted a route, each once. */
export function listOnward(attachments: readonly Attachment[]): readonly Onward[] {
  const all = attachments.flatMap(({ parent, refusal }) =>
    refusal === undefined ? toOnward(parent, true) : [],
  );
  return [...new Map(all.map((each) => [toOnwardName(each), each])).values()];
}

/** Different for different ones. */
export function toOnwardName({ speaksTls, client }: Onward): string {
  return JSON.stringify([speaksTls, client?.name]);
}

/** What is different of a backend because TLS is spoken to it. */
export interface OnwardTls {
  readonly directives: Directives;
  /** Names what is different. */
  readonly part: string;
  /** Set: it cannot be spoken as the policy asks for it. */
  readonly refused?: 'policy' | 'subjectAltNames';
}

/**
 * How TLS is spoken over TCP to a port of a Service that has a BackendTLSPolicy, or annotations that ask for TLS beside the certificate of
 * a Gateway; undefined where neither the one nor the other says anything.
 */
export function findOnwardTls(
  context: Translating,
  route: ObjectRef,
  { service, port }: BackendTarget,
  directives: Directives,
  { speaksTls, client }: Onward,
): OnwardTls | undefined {
  if (!speaksTls) return undefined;
  // Names other than the host are compared by Traefik 3.8 of HTTP, and by none of TCP.
  const policy = findBackendTls(context, service.meta.ref, port, { major: 3, minor: 8 });
  if (policy === 'refused') return { directives, part: '~policy', refused: 'policy' };
  if (policy?.peerCertSANs !== undefined) return { directives, part: '~policy', refused: 'subjectAltNames' };
  if (policy === undefined && (directives.tcpScheme !== 'tls' || client === undefined)) return undefined;
  const by = client === undefined ? [] : ['~by', client.name];
  const own = directives.tcpTls ?? {};
  const tcpTls = {
    ...(policy === undefined ? own : toPolicyTls(own, policy)),
    ...(client && toShown(context, route, client.secret)),
  };
  return {
    directives: { ...directives, tcpScheme: 'tls', tcpTls },
    part: [...(policy === undefined ? [] : ['~policy']), ...by].join(':'),
  };
}

/** Without the authorities of annotations where a policy takes those of the system. */
function toPolicyTls(own: ClientTls, { serverName, rootCAs }: PolicyTls): ClientTls {
  const { certificates, spiffe } = own;
  return {
    ...(certificates && { certificates }),
    ...(spiffe !== undefined && { spiffe }),
    ...(serverName !== undefined && { serverName }),
    ...(rootCAs && { rootCAs }),
    insecureSkipVerify: false,
  };
}

/** One that cannot be used is for the Gateway to report. */
function toShown(
  context: Translating,
  { source }: ObjectRef,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Pick<ClientTls, 'certificates'> {
  const shown = toClientCertificate(context, context.view.secret(source, namespace, name));
  return 'certFile' in shown ? { certificates: [shown] } : {};
}
