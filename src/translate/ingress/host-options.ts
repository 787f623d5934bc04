import { annotationField, type Report } from '../../model/problem.ts';
import type { Directives } from '../../annotations/directives.ts';
import { unusableOptions, type HostTlsOptions } from '../../routes/tls-options.ts';
import { toOwnOptions } from '../tls-options.ts';

/** The TLS options that an Ingress asks for its hosts. */
export function toHostOptions(
  { clientAuth, router }: Directives,
  report: Report,
): HostTlsOptions | undefined {
  const reference = router?.tlsOptions;
  const { options = 'none' } = clientAuth ?? {};
  if (options === 'none') return reference === undefined ? undefined : { kind: 'reference', key: reference };
  if (options === 'unusable') return unusableOptions;
  if (reference === undefined) return toOwnOptions(options);
  report('ingress-tls-options-conflict', {
    field: annotationField('nginx.ingress.kubernetes.io/auth-tls-secret'),
    message:
      'the Ingress has TLS options and client certificates, and a host can have only one of them; the routes answer 503',
    hint: 'Put both into the TLS options, or remove one of the annotations.',
  });
  return unusableOptions;
}
