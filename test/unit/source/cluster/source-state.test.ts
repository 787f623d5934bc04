import { describe, expect, it } from 'vitest';
import type { KindCondition } from '../../../../src/kubernetes/condition.ts';
import { toSourceState, type KindView } from '../../../../src/source/cluster/source-state.ts';

const now = new Date('2026-01-01T00:01:00Z');
const starting = { kind: 'starting', detail: '' } as const;

function view(
  kind: KindCondition['kind'],
  outMs: number | undefined,
  more: Partial<KindCondition> = {},
): KindView {
  const condition: KindCondition = {
    kind,
    namespace: '',
    state: outMs === undefined ? 'watching' : 'retrying',
    synced: true,
    unread: false,
    since: '2026-01-01T00:00:00Z',
    detail: '',
    hint: '',
    ...more,
  };
  return { condition, outMs };
}

const stateOf = (views: readonly KindView[], former: Parameters<typeof toSourceState>[2] = starting) =>
  toSourceState(views, 10_000, former, now);

describe('toSourceState', () => {
  it('is starting until every kind has come once, and says what it waits for and why', () => {
    const secret = view('Secret', 60_000, { synced: false, namespace: 'shop', detail: 'Not allowed.' });
    const views = [view('Service', undefined), view('Ingress', 5, { synced: false }), secret];
    expect(stateOf(views).state).toEqual({
      kind: 'starting',
      detail: 'waiting for Ingress, Secret in shop; Not allowed.',
    });
  });

  it('stays synced for ten seconds without a watch, and asks to be called then', () => {
    expect(stateOf([view('Service', undefined)])).toEqual({
      state: { kind: 'synced' },
      nextCheckMs: undefined,
    });
    expect(stateOf([view('Service', 4_000), view('Secret', 1_000)])).toEqual({
      state: { kind: 'synced' },
      nextCheckMs: 6_001,
    });
  });

  it('is stale afterwards, since the server last answered', () => {
    const views = [view('Service', undefined), view('Secret', 12_000, { detail: 'No answer.' })];
    const { state } = stateOf(views);
    expect(state).toEqual({ kind: 'stale', since: '2026-01-01T00:00:48.000Z', detail: 'No answer.' });
    expect(stateOf([view('Secret', 20_000)], state).state).toMatchObject({
      since: '2026-01-01T00:00:48.000Z',
    });
    expect(stateOf([view('Secret', undefined)], state).state).toEqual({ kind: 'synced' });
  });

  it('does without kinds that need not be readable, and says which', () => {
    const denied = { synced: false, state: 'denied', unread: true, detail: 'Not allowed.' } as const;
    const views = [view('Service', undefined), view('HTTPRoute', 60_000, denied)];
    const more = [
      ...views,
      view('Gateway', 5, denied),
      view('HTTPRoute', 5, { ...denied, namespace: 'shop' }),
    ];
    expect(stateOf(views)).toEqual({
      state: { kind: 'synced', unread: ['HTTPRoute'] },
      nextCheckMs: undefined,
    });
    expect(stateOf(more).state).toEqual({ kind: 'synced', unread: ['Gateway', 'HTTPRoute'] });
    expect(stateOf([...more, view('Secret', 12_000)]).state).toMatchObject({
      kind: 'stale',
      unread: ['Gateway', 'HTTPRoute'],
    });
    expect(stateOf([...views, view('Secret', 1, { synced: false })]).state.kind).toBe('starting');
  });
});
