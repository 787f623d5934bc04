import type { TlsOptions } from '../traefik/tls.ts';

/** TLS options, of which a host has one set. They are the same when their keys are. */
export type HostTlsOptions =
  /** Defined outside of Fairlead; the key is their whole name. */
  | { readonly kind: 'reference'; readonly key: string }
  /** The key is where they stand in Traefik's configuration, and another one for other content. */
  | { readonly kind: 'own'; readonly key: string; readonly value: TlsOptions }
  /** They limit access and cannot be made: over TLS nobody is let in to the host. */
  | { readonly kind: 'unusable'; readonly key: 'unusable' };

export const unusableOptions: HostTlsOptions = { kind: 'unusable', key: 'unusable' };

/** Whether they keep out whoever shows no certificate, so that plain HTTP must not let him in either. */
export function keepsOut(options: HostTlsOptions | undefined): boolean {
  if (options?.kind !== 'own') return false;
  const type = options.value.clientAuth?.clientAuthType;
  return type === 'RequireAndVerifyClientCert' || type === 'RequireAnyClientCert';
}
