import type { Settings } from './settings.ts';

/** The `pollTimeout` of Traefik's HTTP provider when nothing else is configured there. */
const pollTimeoutMs = 5000;

/** What is allowed but unwise, one line each, to be logged at the start. */
export function findSettingsWarnings({ provider }: Pick<Settings, 'provider'>): readonly string[] {
  // A poll that times out makes Traefik wait, up to a minute, before it asks again.
  if (provider.holdMs < pollTimeoutMs) return [];
  return [
    `provider.hold: is not below the 5s after which Traefik gives up by default (got ${provider.holdMs}ms); shorten it, or raise pollTimeout in Traefik`,
  ];
}
