import { expect, it } from 'vitest';

import { listPortChanges } from '../../../src/ports/port-changes.ts';
import { toState } from './allocation/notation.ts';

function listChanges(before: readonly string[], after: readonly string[]): readonly string[] {
  return listPortChanges(toState(before), toState(after)).map((change) => {
    const { holder, servicePort, port, protocols } = change.held;
    const from = change.kind === 'moved' ? ` from ${change.from}` : '';
    return `${holder.name}:${servicePort} ${change.kind} ${port}${from} ${protocols.join('+')}`;
  });
}

it.each<[what: string, before: readonly string[], after: readonly string[], changes: readonly string[]]>([
  ['given', [], ['100 tcp a:80 held@1'], ['a:80 allocated 100 tcp']],
  ['given after another', ['100 tcp b:80 cooling@1'], ['100 tcp a:80 held@9'], ['a:80 allocated 100 tcp']],
  ['given again', ['100 tcp a:80 cooling@1'], ['100 tcp a:80 held@2'], ['a:80 returned 100 tcp']],
  ['given for another port', ['100 tcp a:80 cooling@1'], ['100 tcp a:81 held@2'], ['a:81 returned 100 tcp']],
  ['given up', ['100 tcp a:80 held@1'], ['100 tcp a:80 cooling@2'], ['a:80 released 100 tcp']],
  [
    'left for another',
    ['100 tcp a:80 held@1'],
    ['100 tcp a:80 cooling@2', '101 tcp a:80 held@2'],
    ['a:80 moved 101 from 100 tcp'],
  ],
  ['held on', ['100 tcp a:80 held@1'], ['100 tcp a:80 held@1'], []],
  [
    'given on another protocol',
    ['100 tcp a:80 held@1'],
    ['100 tcp+udp a:80 held@1'],
    ['a:80 allocated 100 udp'],
  ],
  [
    'given up on one protocol',
    ['100 tcp+udp a:80 held@1'],
    ['100 tcp a:80 held@1', '100 udp a:80 cooling@2'],
    ['a:80 released 100 udp'],
  ],
  [
    'given and given up at once',
    ['100 tcp a:80 held@1'],
    ['100 tcp a:80 cooling@2', '101 tcp b:80 held@2'],
    ['b:80 allocated 101 tcp', 'a:80 released 100 tcp'],
  ],
])('a port that is %s', (_, before, after, changes) => {
  expect(listChanges(before, after)).toEqual(changes);
});
