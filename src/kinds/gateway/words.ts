import { isDnsLabel, isDnsSubdomain } from '../../lib/dns-names.ts';
import type { TextRule } from './place.ts';

/** The group of the Gateway API. */
export const gatewayGroup = 'gateway.networking.k8s.io';

/** The API versions of its group, as manifests have them. */
export function toGatewayVersions(
  first: string,
  ...others: readonly string[]
): readonly [string, ...string[]] {
  return [`${gatewayGroup}/${first}`, ...others.map((version) => `${gatewayGroup}/${version}`)];
}

/** A name of an object. */
export const objectName: TextRule = { most: 253, wanted: 'the name of an object' };

/** A name of a listener, a port or a rule. */
export const sectionName: TextRule = {
  most: 253,
  isRight: isDnsSubdomain,
  wanted: 'a name of lower-case letters, digits, "-" and "."',
};

export const namespaceName: TextRule = { most: 63, isRight: isDnsLabel, wanted: 'the name of a namespace' };

export const groupName: TextRule = { most: 253, isRight: isDnsSubdomain, wanted: 'the name of an API group' };

export const kindName: TextRule = {
  most: 63,
  isRight: (text) => /^[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(text),
  wanted: 'the name of a kind',
};

/** A host name in any case, also with a leading wildcard. */
export const hostname: TextRule = {
  most: 253,
  isRight: (text) => isDnsSubdomain(text.toLowerCase().replace(/^\*\./, '')),
  wanted: 'a host name such as shop.example.com or *.example.com',
};

/** A host name in any case, without a wildcard. */
export const preciseHostname: TextRule = {
  most: 253,
  isRight: (text) => isDnsSubdomain(text.toLowerCase()),
  wanted: 'a host name such as shop.example.com',
};

/** https://www.rfc-editor.org/rfc/rfc9110.html#section-5.6.2 */
export const headerName: TextRule = {
  most: 256,
  isRight: (text) => /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(text),
  wanted: 'the name of a header',
};

export const headerValue: TextRule = {
  most: 4096,
  // eslint-disable-next-line no-control-regex -- those are what is looked for
  isRight: (text) => !/[\0-\x08\x0a-\x1f\x7f]/.test(text),
  wanted: 'a text of at most 4,096 characters without line breaks',
};

export const anyText: TextRule = { most: 1024, wanted: 'a text of at most 1,024 characters' };
