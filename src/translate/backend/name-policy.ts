import type { Settings } from '../../settings/settings.ts';
import type { NameRights } from './external-rights.ts';

/** RFC 1123, with an optional dot at the end. */
const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.?$/i;

/**
 * Names that hosts, container engines and clouds give to the host itself, and that clouds give to the services which hand out
 * credentials. Whatever is below them is meant too.
 */
const hostNames = [
  'localhost',
  'localhost.localdomain',
  'docker.internal',
  'containers.internal',
  'minikube.internal',
  'k3d.internal',
  'lima.internal',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data.ec2.internal',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
];

/** Domains in which a name is whatever address is written into it, or the host itself. */
const addressDomains = [
  'nip.io',
  'sslip.io',
  'xip.io',
  'traefik.me',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  'local.gd',
];

/** Namespaces in whose Services nobody else has any business. */
const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'traefik']);

type NameSettings = Pick<Settings, 'fleets' | 'leaderElection' | 'listen'>;

/**
 * Why a DNS name may not be a server; undefined when it may. Where it leads is up to its DNS, so this keeps out what is known by
 * name only: the edge host, metadata services, the API server, Fairlead and Traefik themselves, and what resolvers read as an address.
 */
export function forbidName(
  text: string,
  settings: NameSettings,
  names?: Pick<NameRights, 'allowed' | 'field'>,
): string | undefined {
  if (!dnsName.test(text)) return 'is not a DNS name';
  const name = text.toLowerCase().replace(/\.$/, '');
  if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(name) || isBelow(name, addressDomains))
    return 'means an address, not the name of another host';
  if (isBelow(name, hostNames))
    return 'means the edge host itself or a metadata service, which nobody may publish';
  if (!name.includes('.') && names?.allowed?.includes(name) !== true)
    return `has no dot, so that each host decides what it means, and is not in ${names?.field ?? 'services.externalNames.allowed'}`;
  if (isInternal(name, settings) || isOwn(name, settings))
    return 'is a name of the edge itself or of the API server, which nobody may publish';
  return undefined;
}

/** Why a name is not one of those that the settings allow; undefined when it is, or when they allow all. */
export function forbidUnlisted(text: string, { allowed, field }: NameRights): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, '');
  const isAllowed = (pattern: string): boolean =>
    pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern;
  return allowed === undefined || allowed.some(isAllowed) ? undefined : `is none of ${field}`;
}

function isBelow(name: string, domains: readonly string[]): boolean {
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

/** A Service or a pod of the cluster by its name in the cluster's DNS, with or without the domain of the cluster. */
function isInternal(name: string, { leaderElection }: NameSettings): boolean {
  const labels = name.split('.');
  const at = labels.lastIndexOf('svc');
  const [service, namespace = ''] = at >= 2 ? labels.slice(at - 2, at) : labels;
  if (at < 2 && labels.length > 2) return /^[\da-f-]+\.[^.]+\.pod(\.|$)/.test(name);
  if (service === 'kubernetes' && namespace === 'default') return true;
  return systemNamespaces.has(namespace) || namespace === leaderElection.lease.namespace;
}

/** An address of a fleet, or that of a listener. */
function isOwn(name: string, { fleets, listen }: NameSettings): boolean {
  const own = [listen.admin.host, listen.provider.host, ...fleets.flatMap(({ addresses }) => addresses)];
  return own.some((each) => each.toLowerCase() === name);
}
