import * as z from 'zod';
import { countBanks, mostBanks } from '../model/bank.ts';
import type { PoolProtocol, PortRange } from '../model/port.ts';
import { parseEntryPointTemplate, parseNamespacePattern } from './names.ts';
import { liesWithin, type NamedPool } from './pool-names.ts';
import { count, crossCheck, described, label, textAs, textOrNumberAs } from './schema-parts.ts';
import { parseDuration, parsePortRange } from '../lib/units.ts';

const range = textOrNumberAs(parsePortRange);

/** The ports of a pool that is not configured, and the band in them that may be asked for by number. */
export const standardPorts = { range: '20000-20099', requestable: '20080-20099' };

/** The fields of one protocol of a pool, with or without ports to begin with. */
function protocolFields<R extends z.ZodType>(protocol: PoolProtocol, ports: R) {
  return z.strictObject({
    range: described(ports, {
      description: 'The ports, first and last included.',
      type: 'port range',
      example: standardPorts.range,
    }),
    entryPoint: described(
      textAs((text) => parseEntryPointTemplate(text, `${protocol}-{port}`)).prefault(`${protocol}-{port}`),
      { description: 'How the entryPoint of a port is called in Traefik.', type: 'text with {port}' },
    ),
  });
}

const toMeta = (protocol: PoolProtocol) => ({
  description: `The pool of ${protocol.toUpperCase()} ports. Null: none.`,
  example: `{range: ${standardPorts.range}}`,
});

const standard = (protocol: PoolProtocol) =>
  described(
    protocolFields(protocol, range.prefault(standardPorts.range)).nullable().prefault({}),
    toMeta(protocol),
  );

const additional = (protocol: PoolProtocol) =>
  described(protocolFields(protocol, range).nullable().prefault(null), toMeta(protocol));

const band = {
  description:
    'The band of ports that may be requested by number; the other ports are allocated freely. Null: there is no such band.',
  type: 'port range',
  example: standardPorts.requestable,
};

/** What every pool has besides its ports. */
const shared = {
  cooldown: described(textAs(parseDuration).prefault('10m'), {
    description: 'How long a freed port cools down before another Service may get it.',
    type: 'duration',
  }),
  maxPerNamespace: described(count(1).nullable().prefault(null), {
    description:
      'How many pool ports one namespace may have: those that its Services hold, and those that cool down after them. Null: any number.',
    example: '10',
  }),
  namespaces: described(z.array(textAs(parseNamespacePattern)).prefault([]), {
    description: 'The namespaces that may use the pool; `*` stands for any characters. Empty: all.',
    example: '[shop, "game-*"]',
  }),
  labels: described(z.record(z.string(), z.string()).prefault({}), {
    description: 'Labels that a Service must have to use the pool. Empty: none.',
    example: '{tier: game}',
  }),
  bank: described(count(1).nullable().prefault(null), {
    description: 'How many ports the Traefik process of one bank listens on. Null: all are in one.',
    example: '100',
  }),
  spare: described(count(0).prefault(10), {
    description: 'Another bank is wanted when fewer ports than this are free in the open ones.',
  }),
  bankGrace: described(textAs(parseDuration).prefault('1h'), {
    description: 'How long a bank that no Traefik polls for counts as open.',
    type: 'duration',
  }),
  shrink: described(z.boolean().prefault(false), {
    description: 'Whether banks that are not needed any more are closed.',
  }),
};

interface Ports {
  readonly tcp: NamedPool | null;
  readonly udp: NamedPool | null;
  readonly requestable?: PortRange | null | undefined;
  readonly bank: number | null;
}

const requestableInPool = crossCheck<Ports>(
  ['tcp', 'udp', 'requestable'],
  ({ tcp, udp, requestable }, report) => {
    if (!requestable) return;
    const inside = [tcp, udp].some((one) => one && liesWithin(requestable, one.range));
    if (!inside)
      report(
        ['requestable'],
        'does not lie within a pool',
        'choose a part of tcp.range or udp.range, or null',
      );
  },
);

const banksFit = crossCheck<Ports>(['tcp', 'udp', 'bank'], ({ tcp, udp, bank }, report) => {
  const ranges = { ...(tcp && { tcp }), ...(udp && { udp }) };
  const banks = countBanks({ pools: [{ ranges, bank }] });
  if (banks > mostBanks)
    report(
      ['bank'],
      `makes ${banks} banks of the pool`,
      `choose more ports for each: there are at most ${mostBanks} banks`,
    );
});

const hasPorts = crossCheck<Pick<Ports, 'tcp' | 'udp'>>(['tcp', 'udp'], ({ tcp, udp }, report) => {
  if (tcp === null && udp === null)
    report([], 'has no ports', 'add tcp or udp, such as tcp: {range: 27000-27099}; or remove the pool');
});

/** Field `ports` of a fleet. */
export const portsSchema = described(
  z
    .strictObject({
      tcp: standard('tcp'),
      udp: standard('udp'),
      requestable: described(range.nullable().optional(), {
        ...band,
        defaultText: `\`${standardPorts.requestable}\` where a pool has it, else null`,
      }),
      ...shared,
    })
    .check(requestableInPool, banksFit)
    .prefault({}),
  { description: 'The port pool `default`.', example: `{tcp: {range: ${standardPorts.range}}}` },
);

/** Field `pools` of a fleet. */
export const poolsSchema = described(
  z
    .array(
      z
        .strictObject({
          name: described(label, {
            description: 'Names the pool in `fairlead.dev/pool`.',
            type: 'DNS label',
            example: 'games',
          }),
          tcp: additional('tcp'),
          udp: additional('udp'),
          requestable: described(range.nullable().prefault(null), band),
          ...shared,
        })
        .check(requestableInPool, banksFit, hasPorts),
    )
    .prefault([]),
  {
    description:
      'More port pools. A Service names one with `fairlead.dev/pool`. Otherwise it gets its ports from the first pool whose `namespaces` or `labels` fit, else from the first pool for all; `ports` comes before these.',
    example: '[{name: games, udp: {range: 27000-27099}, namespaces: ["game-*"]}]',
  },
);
