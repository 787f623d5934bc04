import { listChangedFields } from '../settings/changed-fields.ts';
import { mayServePrivateKeys, type ProviderTls, type Settings } from '../settings/settings.ts';

/** What becomes of a configuration that was read again. */
export interface TakeOver {
  /** What runs from now on: the former settings with those of the new ones that need no restart. */
  readonly settings: Settings;
  /** The fields that were taken over, such as `provider.tokens`. */
  readonly taken: readonly string[];
  /** The fields that differ and take effect at the next start only. */
  readonly pending: readonly string[];
}

/** Takes over what can be changed while the program runs. Pure. */
export function takeOver(running: Settings, next: Settings): TakeOver {
  const { hosts, trustForwarded } = next.listen;
  const provider = isSwappable(running, next)
    ? {
        tokens: next.provider.tokens,
        tls: next.provider.tls,
        keysWithoutToken: next.provider.keysWithoutToken,
      }
    : {};
  const settings: Settings = {
    ...running,
    listen: { ...running.listen, hosts, trustForwarded },
    admin: next.admin,
    provider: { ...running.provider, holdMs: next.provider.holdMs, ...provider },
  };
  return {
    settings,
    taken: listChangedFields(running, settings),
    pending: listChangedFields(settings, next),
  };
}

/**
 * Whether tokens and TLS files can be changed under way. Documents with private keys have been made for those who were let in
 * before, and a listener cannot begin or end to speak TLS, or to ask for certificates.
 */
function isSwappable(running: Settings, next: Settings): boolean {
  return (
    mayServePrivateKeys(running) === mayServePrivateKeys({ ...next, listen: running.listen }) &&
    toTlsKind(running.provider.tls) === toTlsKind(next.provider.tls)
  );
}

function toTlsKind(tls: ProviderTls | null): string {
  return tls === null ? 'none' : tls.clientCA === undefined ? 'server' : 'mutual';
}
