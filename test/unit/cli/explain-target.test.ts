import { describe, expect, test } from 'vitest';
import { parseExplainTarget } from '../../../src/cli/explain-target.ts';

describe('what is to be explained', () => {
  test.each([
    ['Service/rds/db', { kind: 'Service', namespace: 'rds', name: 'db' }],
    ['svc/rds/db', { kind: 'svc', namespace: 'rds', name: 'db' }],
    ['IngressClass/nginx', { kind: 'IngressClass', namespace: '', name: 'nginx' }],
  ])('%s', (text, target) => expect(parseExplainTarget(text)).toEqual(target));

  test.each([
    ['Service/rds', 'Service/rds lacks a namespace or a name; write Service/NAMESPACE/NAME'],
    ['IngressClass/a/b', 'IngressClass has no namespaces; write IngressClass/b'],
    ['Servcie/rds/db', 'Fairlead reads no objects of the kind Servcie; did you mean Service/rds/db?'],
    ['Pod/x/y', 'Fairlead reads no objects of the kind Pod; it explains '],
    ['rds', '"rds" is not KIND/NAMESPACE/NAME; write for instance Service/default/web'],
    ['Service//db', '"Service//db" is not KIND/NAMESPACE/NAME'],
  ])('cannot be %s', (text, message) => expect(() => parseExplainTarget(text)).toThrow(message));
});
