import { describe, expect, it } from 'vitest';
import type { MiddlewareDirective, Stage } from '../../../src/annotations/directives.ts';
import { toFilters, type FilterPart } from '../../../src/translate/filters.ts';
import { toObjectKey } from '../../../src/model/object-ref.ts';
import { toTranslateContext } from '../../../src/translate/context.ts';
import { toTestSettings } from '../render/intents.ts';

const context = toTranslateContext(toTestSettings());
const service = { source: 'one', kind: 'Service', namespace: 'n', name: 'web' } as const;
const ingress = { source: 'one', kind: 'Ingress', namespace: 'n', name: 'web' } as const;

function directive(stage: Stage, role: string): MiddlewareDirective<string> {
  return { stage, role, middleware: role };
}

function keys(own: FilterPart<string>, router: FilterPart<string>): readonly string[] {
  return toFilters(context, 'middlewares', own, router).filters.map(({ key }) => key);
}

describe('the filters of a route', () => {
  it('go from the redirect to the retries, whoever asked', () => {
    const own = { ref: service, directives: [directive('retry', 'retries'), directive('access', 'cidrs')] };
    const over = {
      ref: ingress,
      directives: [directive('limit', 'max-body'), directive('https', 'https')],
    };
    expect(keys(own, over)).toEqual([
      'n_web_ingress_https',
      'n_web_service_cidrs',
      'n_web_ingress_max-body',
      'n_web_service_retries',
    ]);
  });

  it('are those of the router where both ask, but access limits add up', () => {
    const both = [directive('retry', 'retries'), directive('access', 'cidrs')];
    expect(keys({ ref: service, directives: both }, { ref: ingress, directives: both })).toEqual([
      'n_web_service_cidrs',
      'n_web_ingress_cidrs',
      'n_web_ingress_retries',
    ]);
  });

  it('can be switched off by the router, which then counts as carried', () => {
    const own = { ref: service, directives: [directive('retry', 'retries')] };
    const off = {
      ref: ingress,
      directives: [{ stage: 'retry', role: 'retries', middleware: null } as const],
    };
    expect(toFilters(context, 'middlewares', own, off)).toEqual({
      filters: [],
      uses: [{ object: toObjectKey(ingress), part: 'middlewares/retries' }],
    });
  });
});
