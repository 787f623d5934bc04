import * as z from 'zod';
import type { BankView } from '../model/bank.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { toStaticConfig } from '../traefik/static/static-config.ts';

const lifeCycle = z.looseObject({
  requestAcceptGraceTimeout: z.string().optional(),
  graceTimeOut: z.string().optional(),
});

const entryPoint = z.looseObject({
  address: z.string(),
  transport: z.looseObject({ lifeCycle: lifeCycle.optional() }).optional(),
});

/** A static configuration of Traefik, as far as `fairlead edge` looks into it. */
export const processConfig = z.looseObject({
  entryPoints: z.record(z.string(), entryPoint),
  providers: z.looseObject({}),
});
export type ProcessConfig = z.infer<typeof processConfig>;

const edgeBank = z.looseObject({
  bank: z.int().min(0).max(65_535),
  state: z.enum(['open', 'wanted']),
  config: processConfig,
});

/** What `/edge/{fleet}` answers; a later Fairlead may say more. */
export const edgeAnswer = z.looseObject({
  fleet: z.string().regex(/^[\w.-]{1,63}$/),
  /** The release line of Traefik that the fleet is configured for, such as `3.7`. */
  traefik: z.string(),
  /** How long the provider holds a poll that has nothing new, in milliseconds. */
  holdMs: z.number().min(0),
  /** Never none: bank 0 is always there. */
  banks: z.array(edgeBank).min(1).max(1_000),
});
/** The banks that a host of a fleet should run. */
export type EdgeAnswer = z.infer<typeof edgeAnswer>;
export type EdgeBank = EdgeAnswer['banks'][number];

/**
 * What the hosts of a fleet are to run. Each static configuration is without the provider, which a host adds itself: it knows
 * under which address, and with which token, it reaches Fairlead. So there is no secret in it. As JSON it is an `EdgeAnswer`.
 */
export function toEdgeAnswer(fleet: FleetSettings, view: BankView, holdMs: number) {
  const banks = view.banks(fleet.name).flatMap(({ bank, state }) => {
    if (state !== 'open' && state !== 'wanted') return [];
    const { providers, ...config } = toStaticConfig(fleet, { bank, providerUrl: '', holdMs, token: false });
    const { http: _, ...others } = providers;
    return [{ bank, state, config: { ...config, providers: others } }];
  });
  const { major, minor } = fleet.traefik;
  return { fleet: fleet.name, traefik: `${major}.${minor}`, holdMs, banks };
}
