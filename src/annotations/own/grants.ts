import { isDnsLabel } from '../../lib/dns-names.ts';
import { defineFeature } from '../feature.ts';
import { accept, list, quote, refuse, type Parser } from '../parsers.ts';
import type { Grantee } from '../service-target.ts';

const grantee: Parser<Grantee> = (text) => {
  const parts = text.length > 130 ? [] : text.split('/');
  const [namespace = '', source] = parts.toReversed();
  const isGrantee =
    parts.length < 3 &&
    (namespace === '*' || isDnsLabel(namespace)) &&
    (source === undefined || isDnsLabel(source));
  return isGrantee
    ? accept({ ...(source !== undefined && { source }), namespace })
    : refuse(`${quote(text)} is not a namespace`, 'Write namespaces such as "shop", or "source/namespace".');
};

const grantees = list(grantee);

/** Who may send traffic to a Service by naming it. */
export const grants = defineFeature({
  name: 'grants',
  annotations: {
    grantTo: {
      key: 'fairlead.dev/grant-to',
      on: ['Service'],
      parse: grantees,
      isList: true,
      whenInvalid: 'use-default',
      value: 'namespaces, comma-separated; `*` for all; `source/namespace` for one of another source',
      example: 'shop,vms/shop',
      doc: 'Lets Services of these namespaces name this one in `fairlead.dev/migrate-to`, `fairlead.dev/failover-to` and `fairlead.dev/mirror-to`. Within a source a ReferenceGrant from Service to Service does the same.',
    },
  },
  apply: ({ grantTo }) => (grantTo ? { grantTo } : {}),
});
