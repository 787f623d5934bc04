import { describe, expect, it } from 'vitest';
import type { MiddlewareDirective, Stage } from '../../../src/annotations/directives.ts';
import { toChain } from '../../../src/translate/chain.ts';
import { toTranslateContext } from '../../../src/translate/context.ts';
import { toTestSettings } from '../render/intents.ts';

const context = toTranslateContext(toTestSettings());
const service = { source: 'one', kind: 'Service', namespace: 'n', name: 'web' } as const;
const ingress = { source: 'one', kind: 'Ingress', namespace: 'n', name: 'web' } as const;

function directive(stage: Stage, role: string): MiddlewareDirective<string> {
  return { stage, role, middleware: role };
}

describe('a chain', () => {
  it('goes from the redirect to the retries, whoever asked', () => {
    const chain = toChain(
      context,
      { ref: service, directives: [directive('retry', 'retries'), directive('access', 'cidrs')] },
      { ref: ingress, directives: [directive('limit', 'max-body'), directive('redirect', 'https')] },
    );
    expect(chain.map(({ key }) => key)).toEqual([
      'n_web_ingress_https',
      'n_web_service_cidrs',
      'n_web_ingress_max-body',
      'n_web_service_retries',
    ]);
  });

  it('lets the word of the router count, but adds up limits of access', () => {
    const both = [directive('retry', 'retries'), directive('access', 'cidrs')];
    const chain = toChain(context, { ref: service, directives: both }, { ref: ingress, directives: both });
    expect(chain.map(({ key }) => key)).toEqual([
      'n_web_service_cidrs',
      'n_web_ingress_cidrs',
      'n_web_ingress_retries',
    ]);
  });
});
