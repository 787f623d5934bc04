import { describe, expect, test } from 'vitest';
import { planEdge, type EdgeAction, type PlannedProcess } from '../../../src/edge/plan-edge.ts';

/** `0:serving=a` is a process of bank 0 with the configuration `a`; `!` behind it: nothing can listen beside it. */
function toProcess(text: string, index: number): PlannedProcess {
  const [, bank, state, fingerprint = '', closed] = /^(\d+):(\w+)=(\w+)(!?)$/.exec(text) ?? [];
  const states = ['starting', 'late', 'serving', 'ending'] as const;
  const known = states.find((each) => each === state);
  if (known === undefined) throw new Error(`no state in ${text}`);
  return { id: `p${index}`, bank: Number(bank), state: known, fingerprint, shared: closed !== '!' };
}

function toText(action: EdgeAction): string {
  switch (action.kind) {
    case 'start':
      return `start ${action.bank}`;
    case 'start-beside':
      return `start ${action.bank} beside ${action.id}`;
    case 'give-up':
      return `give up ${action.id}`;
    case 'end':
    case 'keep':
      return `${action.kind} ${action.id}: ${action.why}`;
  }
}

interface Case {
  readonly title: string;
  readonly wanted: Readonly<Record<number, string>>;
  readonly running: readonly string[];
  readonly actions: readonly string[];
  readonly replaced?: readonly string[];
}

/** `actions` without `--replace`, and `replaced` with it where that is something else. */
const cases: readonly Case[] = [
  { title: 'nothing is wanted, nothing runs', wanted: {}, running: [], actions: [] },
  {
    title: 'two banks, nothing runs',
    wanted: { 0: 'a', 3: 'b' },
    running: [],
    actions: ['start 0', 'start 3'],
  },
  {
    title: 'all is as it should be',
    wanted: { 0: 'a', 1: 'b' },
    running: ['0:serving=a', '1:serving=b'],
    actions: [],
  },
  { title: 'one has no routes yet', wanted: { 0: 'a' }, running: ['0:starting=a'], actions: [] },
  {
    title: 'one has no routes for long, while the server is away',
    wanted: { 0: 'a' },
    running: ['0:late=a'],
    actions: [],
  },
  {
    title: 'a bank is opened beside one that runs',
    wanted: { 0: 'a', 1: 'b' },
    running: ['0:serving=a'],
    actions: ['start 1'],
  },
  { title: 'one died', wanted: { 0: 'a', 1: 'b' }, running: ['1:serving=b'], actions: ['start 0'] },
  {
    title: 'a bank is wanted no more',
    wanted: { 0: 'a' },
    running: ['0:serving=a', '1:serving=b'],
    actions: ['end p1: not-wanted'],
  },
  { title: 'it is ending already', wanted: { 0: 'a' }, running: ['0:serving=a', '1:ending=b'], actions: [] },
  {
    title: 'and is wanted again',
    wanted: { 0: 'a', 1: 'b' },
    running: ['0:serving=a', '1:ending=b'],
    actions: ['start 1'],
  },
  {
    title: 'another configuration',
    wanted: { 0: 'b' },
    running: ['0:serving=a'],
    actions: ['keep p0: not-asked'],
    replaced: ['start 0 beside p0'],
  },
  {
    title: 'another configuration for one that nothing can listen beside',
    wanted: { 0: 'b' },
    running: ['0:serving=a!'],
    actions: ['keep p0: not-asked'],
    replaced: ['keep p0: not-shared'],
  },
  {
    title: 'the new one has no routes yet',
    wanted: { 0: 'b' },
    running: ['0:serving=a', '0:starting=b'],
    actions: [],
  },
  {
    title: 'the new one has its routes',
    wanted: { 0: 'b' },
    running: ['0:serving=a', '0:serving=b'],
    actions: ['end p0: replaced'],
  },
  {
    title: 'the new one gets none',
    wanted: { 0: 'b' },
    running: ['0:serving=a', '0:late=b'],
    actions: ['give up p1'],
  },
  {
    title: 'a third configuration comes while the new one starts: one after the other',
    wanted: { 0: 'c' },
    running: ['0:serving=a', '0:starting=b'],
    actions: [],
  },
  {
    title: 'two old ones are left, of a run that was killed',
    wanted: { 0: 'c' },
    running: ['0:serving=a', '0:serving=b', '0:serving=c'],
    actions: ['end p0: replaced', 'end p1: replaced'],
  },
  {
    title: 'both are wanted no more',
    wanted: {},
    running: ['0:serving=a', '0:starting=b'],
    actions: ['end p0: not-wanted', 'end p1: not-wanted'],
  },
];

describe('the plan of a host', () => {
  test.each(cases)('$title', ({ wanted, running, actions, replaced }) => {
    const processes = running.map(toProcess);
    const banks = new Map(Object.entries(wanted).map(([bank, fingerprint]) => [Number(bank), fingerprint]));
    expect(planEdge(banks, processes, false).map(toText)).toEqual(actions);
    expect(planEdge(banks, processes, true).map(toText)).toEqual(replaced ?? actions);
  });
});
