import * as z from 'zod';
import { parseHost, parseListenAddress } from './addresses.ts';
import { parseNamespacedName, parsePath, parseToken } from './names.ts';
import { crossCheck, described, label, textAs } from './schema-parts.ts';
import { shrinkGuardSchema } from './schema-shrink-guard.ts';
import type { ListenAddress } from './settings.ts';
import type { Parsed } from '../lib/parsed.ts';
import { parseDuration } from '../lib/units.ts';

const path = textAs(parsePath);
const namespacedName = textAs(parseNamespacedName);

function address(description: string, standard: string) {
  return described(textAs(parseListenAddress).prefault(standard), { description, type: 'address' });
}

function duration(description: string, standard: string) {
  return described(textAs(parseDuration).prefault(standard), { description, type: 'duration' });
}

function parseHostName(text: string): Parsed<string> {
  return parseHost(text.toLowerCase());
}

const wildcards = new Set(['', '0.0.0.0', '::']);

/** Whether two listeners cannot both be opened. Port 0 takes a free port, so it never clashes. */
function clash(a: ListenAddress, b: ListenAddress): boolean {
  return (
    a.port !== 0 && a.port === b.port && (a.host === b.host || wildcards.has(a.host) || wildcards.has(b.host))
  );
}

/** Section `listen`. */
export const listenSchema = described(
  z
    .strictObject({
      provider: address(
        'Where Traefik polls. Without a host, on every address; with port 0, on a free port.',
        '127.0.0.1:9080',
      ),
      admin: address('Where health, metrics, the status page and its data are.', '127.0.0.1:9081'),
      hosts: described(z.array(textAs(parseHostName)).prefault([]), {
        description:
          'More names that requests to a loopback listener may have as `Host`, besides `localhost` and loopback addresses. All others are refused: a web page could make a browser send them.',
        example: '[fairlead.example.com]',
      }),
      trustForwarded: described(z.boolean().prefault(false), {
        description:
          'Whether to answer requests that came through a proxy (with `Forwarded` or `X-Forwarded-*`), for a proxy in front of the status page. The provider listener answers them only if every request is authenticated.',
      }),
    })
    .check(
      crossCheck<{ provider: ListenAddress; admin: ListenAddress }>(
        ['provider', 'admin'],
        (listen, report) => {
          if (!clash(listen.provider, listen.admin)) return;
          report(['admin'], 'takes the port of listen.provider', 'give the two listeners different ports');
        },
      ),
    )
    .prefault({}),
  { description: 'The two listeners.' },
);

const tls = z.strictObject({
  cert: described(path, {
    description: 'File with the certificate chain of the provider listener, PEM.',
    example: './tls.crt',
  }),
  key: described(path, { description: 'File with its private key, PEM.', example: './tls.key' }),
  clientCA: described(path.optional(), {
    description:
      'File with the authority of client certificates, PEM. With it, only clients that have one are answered.',
    example: './ca.crt',
  }),
});

/** Section `writeBack`. */
export const writeBackSchema = described(
  z
    .strictObject({
      announceAfter: duration(
        'A port is announced by annotation and Event once every Traefik that polls the leader has fetched its route, or after so long. 0s: at once.',
        '5s',
      ),
    })
    .prefault({}),
  { description: 'What is written to clusters.' },
);

/** Section `provider`. */
export const providerSchema = described(
  z
    .strictObject({
      hold: duration(
        'How long a poll is held at most while nothing changes. Polls end between three quarters of this and the whole, so that not all end together. Keep it below the `pollTimeout` of Traefik, which is 5s by default.',
        '4s',
      ),
      debounce: duration('Quiet time after a change before a new configuration is built.', '50ms'),
      maxWait: duration('The longest that a stream of changes may put off a new configuration.', '1s'),
      shards: described(z.int().min(1).max(64).prefault(1), {
        description:
          'Into how many parts the maps of an answer are divided, 1 to 64. From some 1,000 routers on this saves Traefik most of its work at each change. Other readers than Traefik then find `routers`, `Routers`, `rOuters` and so on.',
        example: '16',
      }),
      tokens: described(
        z.array(described(textAs(parseToken), { description: 'One token.', secret: true })).prefault([]),
        {
          description:
            'Bearer tokens that Traefik may send, of 16 characters or more. Empty: no token is needed.',
          example: '[a-long-random-text]',
          secret: true,
        },
      ),
      tls: described(tls.nullable().prefault(null), {
        description: 'TLS on the provider listener.',
        example: '{cert: ./tls.crt, key: ./tls.key}',
      }),
      shrinkGuard: shrinkGuardSchema,
      keysWithoutToken: described(z.enum(['loopback', 'never']).prefault('loopback'), {
        description:
          'Where private keys are in answers to requests without token and client certificate: on a `loopback` listener, or `never`.',
      }),
    })
    .check(
      crossCheck<{ debounce: number; maxWait: number }>(['debounce', 'maxWait'], (provider, report) => {
        if (provider.debounce <= provider.maxWait) return;
        report(['debounce'], 'is longer than provider.maxWait', 'make debounce the shorter of the two');
      }),
    )
    .prefault({}),
  { description: 'How Traefik is answered.' },
);

/** Section `ledger`. */
export const ledgerSchema = described(
  z
    .strictObject({
      file: described(path.optional(), {
        description: 'The file that records who holds which pool port.',
        type: 'path',
        example: './fairlead-ports.json',
        defaultText: '`./fairlead-ports.json`',
      }),
      configMap: described(namespacedName.optional(), {
        description:
          'The ConfigMap that records it, as namespace/name. The default where a source is a cluster: fairlead-system/fairlead-ports.',
        example: 'fairlead-system/fairlead-ports',
      }),
      source: described(label.optional(), {
        description: 'The cluster source that holds the ConfigMap; default the first.',
        example: 'prod',
      }),
      retiredSources: described(z.array(label).prefault([]), {
        description:
          'Sources that are gone for good. Their ports cool down and go to others. The ports of a source that is only not configured are kept for it.',
        example: '[west]',
      }),
    })
    .check(
      crossCheck<{ file?: string | undefined; configMap?: string | undefined }>(
        ['file', 'configMap'],
        (ledger, report) => {
          if (ledger.file === undefined || ledger.configMap === undefined) return;
          report([], 'names a file and a ConfigMap', 'keep one of the two');
        },
      ),
    )
    .prefault({}),
  { description: 'The durable record of the port pools.' },
);

/** Section `leaderElection`. */
export const leaderElectionSchema = described(
  z
    .strictObject({
      lease: described(namespacedName.prefault('fairlead-system/fairlead'), {
        description: 'The Lease by which replicas elect the one that writes, as namespace/name.',
      }),
    })
    .prefault({}),
  { description: 'For cluster sources only: with folders there is nothing to elect.' },
);

/** Field `lastKnownGood`. */
export const lastKnownGoodSchema = described(path.nullable().prefault(null), {
  description:
    'A folder that keeps the last objects of each source (files of mode 0600), to be served as stale after a restart while that source does not answer.',
  type: 'path',
  example: './last-known-good',
});
