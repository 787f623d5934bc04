import { isIP } from 'node:net';
import type { IpFamily, Service } from '../../model/objects.ts';
import type { ServiceSettings } from '../../settings/settings.ts';

/** The family that the addresses of a Service have to be of; undefined when both may be. */
export function toFamily(
  { ipFamily, clusterIP = '' }: Service,
  setting: ServiceSettings['ipFamily'],
): IpFamily | undefined {
  switch (setting) {
    case 'any':
      return undefined;
    case 'ipv4':
      return 'IPv4';
    case 'ipv6':
      return 'IPv6';
    case 'first':
      // What a Service of a folder does not say, a cluster would have filled in after its cluster IP.
      return ipFamily ?? toFamilyOf(clusterIP);
  }
}

/** Whether an address may be used. Names always may: they lead to whatever the DNS says. */
export function isOfFamily(address: string, family: IpFamily | undefined): boolean {
  if (family === undefined) return true;
  const own = toFamilyOf(address);
  return own === undefined || own === family;
}

function toFamilyOf(address: string): IpFamily | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'IPv4' : 'IPv6';
}
