import type { Facts } from './facts.ts';
import type { Finding, Rule } from './finding.ts';
import { answerNotApplied } from './findings/answer-not-applied.ts';
import { certificateExpiring } from './findings/certificate-expiring.ts';
import { clockSkew } from './findings/clock-skew.ts';
import { clusterUnreachable } from './findings/cluster-unreachable.ts';
import { entryPointAddress } from './findings/entry-point-address.ts';
import { entryPointMissing } from './findings/entry-point-missing.ts';
import { entryPointNotDefault } from './findings/entry-point-not-default.ts';
import { holdTooLong } from './findings/hold-too-long.ts';
import { ingressClaimedTwice } from './findings/ingress-claimed-twice.ts';
import { ledgerShared } from './findings/ledger-shared.ts';
import { pollInterval } from './findings/poll-interval.ts';
import { poolEphemeral } from './findings/pool-ephemeral.ts';
import { poolOwnPorts } from './findings/pool-own-ports.ts';
import { portTaken } from './findings/port-taken.ts';
import { providerMissing } from './findings/provider-missing.ts';
import { providerToken } from './findings/provider-token.ts';
import { providerUrl } from './findings/provider-url.ts';
import { readyTooEarly } from './findings/ready-too-early.ts';
import { rightMissing } from './findings/right-missing.ts';
import { routerDisabled } from './findings/router-disabled.ts';
import { serverUnreachable } from './findings/server-unreachable.ts';
import { throttle } from './findings/throttle.ts';
import { traefikTooOld } from './findings/traefik-too-old.ts';
import { traefikUnreachable } from './findings/traefik-unreachable.ts';

/** Everything that can be found, sorted by code. */
export const rules: readonly Rule[] = [
  answerNotApplied,
  certificateExpiring,
  clockSkew,
  clusterUnreachable,
  entryPointAddress,
  entryPointMissing,
  entryPointNotDefault,
  holdTooLong,
  ingressClaimedTwice,
  ledgerShared,
  pollInterval,
  poolEphemeral,
  poolOwnPorts,
  portTaken,
  providerMissing,
  providerToken,
  providerUrl,
  readyTooEarly,
  rightMissing,
  routerDisabled,
  serverUnreachable,
  throttle,
  traefikTooOld,
  traefikUnreachable,
];

/** What is wrong, in the order of the rules. */
export function diagnose(facts: Facts): readonly Finding[] {
  return rules.flatMap(({ code, check }) => check(facts).map((found) => ({ code, ...found })));
}
