import { describe, expect, it } from 'vitest';
import type { MiddlewareWish, Stage } from '../../../src/annotations/wishes.ts';
import { toChain } from '../../../src/translate/chain.ts';
import { toTranslateContext } from '../../../src/translate/context.ts';
import { toTestSettings } from '../render/intents.ts';

const context = toTranslateContext(toTestSettings());
const service = { source: 'one', kind: 'Service', namespace: 'n', name: 'web' } as const;
const ingress = { source: 'one', kind: 'Ingress', namespace: 'n', name: 'web' } as const;

function wish(stage: Stage, role: string): MiddlewareWish<string> {
  return { stage, role, middleware: role };
}

describe('a chain', () => {
  it('goes from the redirect to the retries, whoever asked', () => {
    const chain = toChain(
      context,
      { ref: service, wishes: [wish('retry', 'retries'), wish('access', 'cidrs')] },
      { ref: ingress, wishes: [wish('limit', 'max-body'), wish('redirect', 'https')] },
    );
    expect(chain.map(({ key }) => key)).toEqual([
      'n_web_ingress_https',
      'n_web_service_cidrs',
      'n_web_ingress_max-body',
      'n_web_service_retries',
    ]);
  });

  it('lets the word of the router count, but adds up limits of access', () => {
    const both = [wish('retry', 'retries'), wish('access', 'cidrs')];
    const chain = toChain(context, { ref: service, wishes: both }, { ref: ingress, wishes: both });
    expect(chain.map(({ key }) => key)).toEqual([
      'n_web_service_cidrs',
      'n_web_ingress_cidrs',
      'n_web_ingress_retries',
    ]);
  });
});
