import { describe, expect, it } from 'vitest';
import { kinds } from '../../../src/kinds/index.ts';
import type { Change } from '../../../src/model/snapshot.ts';
import { Replica } from '../../../src/kubernetes/replica.ts';
import { toWatchEvent, type WatchEvent } from '../../../src/kubernetes/watch-event.ts';

const line = (type: string, object: object): WatchEvent => toWatchEvent(JSON.stringify({ type, object }));
const create = (): Replica => new Replica(kinds.Service, 'prod');

function raw(name: string, version: string, uid = `uid of ${name}`, spec: unknown = {}): object {
  return { metadata: { namespace: 'shop', name, uid, resourceVersion: version, managedFields: [{}] }, spec };
}

function texts(changes: readonly Change[]): string[] {
  return changes.map((change) =>
    change.kind === 'set' ? `set ${change.object.meta.ref.name}` : `delete ${change.ref.name}`,
  );
}

function list(replica: Replica, ...items: readonly object[]): string[] {
  const replacement = replica.replace();
  replacement.add(items);
  const plan = replacement.finish();
  plan.commit();
  return texts(plan.changes);
}

function follow(replica: Replica, type: string, object: object, commit = true): string[] {
  const plan = replica.follow([line(type, object)]);
  if (commit) plan.commit();
  return texts(plan.changes);
}

describe('Replica', () => {
  it('delivers the difference of a list: what is new, changed, vanished', () => {
    const replica = create();
    expect(list(replica, raw('a', '1'), raw('b', '1'), raw('c', '1'))).toEqual(['set a', 'set b', 'set c']);
    expect(list(replica, raw('a', '1'), raw('b', '2'), raw('d', '1'))).toEqual([
      'set b',
      'set d',
      'delete c',
    ]);
    expect(list(replica, raw('a', '1'), raw('b', '2'), raw('d', '1'))).toEqual([]);
  });

  it('compares versions for equality only', () => {
    const replica = create();
    list(replica, raw('a', '10'));
    expect(list(replica, raw('a', '9'))).toEqual(['set a']);
  });

  it('changes nothing before the whole list is there', () => {
    const replica = create();
    list(replica, raw('a', '1'), raw('b', '1'));
    replica.replace().add([raw('a', '2')]);
    expect(list(replica, raw('a', '2'), raw('b', '1'))).toEqual(['set a']);
  });

  it('delivers again what was not taken over', () => {
    const replica = create();
    list(replica, raw('a', '1'));
    expect(follow(replica, 'MODIFIED', raw('a', '2'), false)).toEqual(['set a']);
    expect(follow(replica, 'DELETED', raw('a', '3'), false)).toEqual(['delete a']);
    expect(list(replica, raw('a', '2'))).toEqual(['set a']);
    expect(list(replica)).toEqual(['delete a']);
  });

  it('delivers or deletes what a failing listener may have taken over', () => {
    const replica = create();
    list(replica, raw('old', '1'));
    const replacement = replica.replace();
    replacement.add([raw('a', '1'), raw('b', '1')]);
    replica.doubt(replacement.finish().changes);
    expect(list(replica, raw('a', '1'))).toEqual(['set a', 'delete old', 'delete b']);
  });

  it('treats another UID as another object', () => {
    const replica = create();
    list(replica, raw('a', '1', 'first'));
    expect(list(replica, raw('a', '2', 'second'))).toEqual(['delete a', 'set a']);
    expect(follow(replica, 'ADDED', raw('a', '3', 'third'))).toEqual(['delete a', 'set a']);
  });

  it('follows several events of one object in one go', () => {
    const replica = create();
    const plan = replica.follow([
      line('ADDED', raw('a', '1')),
      line('DELETED', raw('a', '2')),
      line('ADDED', raw('a', '3', 'again')),
      line('DELETED', raw('unknown', '4')),
    ]);
    expect(texts(plan.changes)).toEqual(['set a', 'delete a', 'set a']);
    plan.commit();
    expect(replica.size).toBe(1);
  });

  it('keeps the last good state of an object that became malformed, and tells', () => {
    const replica = create();
    list(replica, raw('a', '1'));
    const before = replica.revision;
    expect(follow(replica, 'MODIFIED', raw('a', '2', 'uid of a', 'no mapping'))).toEqual([]);
    expect([...replica.problems()].map(({ code, subject }) => `${code} ${subject.name}`)).toEqual([
      'object-malformed a',
    ]);
    expect(replica.revision).not.toBe(before);
    expect(follow(replica, 'MODIFIED', raw('a', '3'))).toEqual(['set a']);
    expect([...replica.problems()]).toEqual([]);
    expect(follow(replica, 'DELETED', raw('a', '4'))).toEqual(['delete a']);
  });
});
