import type { ProviderTlsFiles } from '../traefik/static/static-config.ts';
import type { Settings } from '../settings/settings.ts';
import type { OptionSpec, Options } from './command.ts';
import { UsageError } from '../app/usage-error.ts';

/** The options for files on the hosts of Traefik, which nobody here can look at. */
export const providerTlsOptions: Readonly<Record<string, OptionSpec>> = {
  'provider-ca': {
    value: 'PATH',
    help: 'the authority of provider.tls, as a file where Traefik runs (default: those that the host trusts)',
  },
  'provider-cert': { value: 'PATH', help: "Traefik's own certificate, for provider.tls.clientCA" },
  'provider-key': { value: 'PATH', help: 'its key' },
};

/** What Traefik needs to poll over TLS; undefined when nothing is given. @throws UsageError when it does not fit the URL. */
export function readProviderTls(options: Options, providerUrl: string): ProviderTlsFiles | undefined {
  const [ca, cert, key] = ['provider-ca', 'provider-cert', 'provider-key'].map((name) => options.text(name));
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--provider-cert and --provider-key go together; give both');
  if (ca === undefined && cert === undefined) return undefined;
  if (!/^https:/i.test(providerUrl))
    throw new UsageError(
      `${ca === undefined ? '--provider-cert' : '--provider-ca'} is of no use with ${providerUrl}; give an https URL by --provider-url, or set provider.tls`,
    );
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && key !== undefined && { cert, key }) };
}

/** What is probably missing, as lines for the user. */
export function findTlsGaps(
  { provider }: Settings,
  files: ProviderTlsFiles | undefined,
  isInContainer: boolean,
): readonly string[] {
  const lines: string[] = [];
  if (files !== undefined && isInContainer)
    lines.push(`add a volume that holds ${Object.values(files).join(', ')} in the container of Traefik`);
  if (provider.tls === null) return lines;
  if (files?.ca === undefined)
    lines.push(
      'provider.tls is set: unless the host of Traefik trusts its authority, give --provider-ca PATH',
    );
  if (provider.tls.clientCA !== undefined && files?.cert === undefined)
    lines.push('provider.tls.clientCA is set: give --provider-cert PATH and --provider-key PATH');
  return lines;
}
