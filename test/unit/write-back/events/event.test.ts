import { expect, it } from 'vitest';
import * as z from 'zod';

import {
  readWarning,
  toEvent,
  toEventName,
  toWords,
  type EventContent,
} from '../../../../src/write-back/events/event.ts';

const about = { source: 'prod', kind: 'Service', namespace: 'shop', name: 'db' };
const content: EventContent = {
  type: 'Warning',
  reason: 'PoolExhausted',
  action: 'Routing',
  about,
  uid: 'u',
  note: 'It is.',
};
const eventSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string() }),
  regarding: z.looseObject({}),
});

function make(change: Partial<EventContent> = {}): z.infer<typeof eventSchema> {
  const changed = { ...content, ...change };
  return eventSchema.parse(toEvent(toEventName(changed, 'me'), changed, 'me', new Date()));
}

it('a Warning has the name of its object and reason, whatever its words', () => {
  const name = toEventName(content, 'me');
  expect(name).toMatch(/^shop\/db\.[0-9a-f]{16}$/);
  expect(toEventName({ ...content, note: 'Other.' }, 'me')).toBe(name);
  const others = [
    toEventName(content, 'you'),
    ...[{ uid: undefined }, { reason: 'Other' }, { about: { ...about, kind: 'Ingress' } }].map((change) =>
      toEventName({ ...content, ...change }, 'me'),
    ),
  ];
  expect(new Set([name, ...others]).size).toBe(1 + others.length);
});

it('a notice has a name for each of its words and occasions', () => {
  const notice = { ...content, type: 'Normal' } as const;
  const names = [
    toEventName(notice, 'me', 1),
    toEventName(notice, 'me', 2),
    toEventName({ ...notice, note: 'Other.' }, 'me', 1),
  ];
  expect(new Set(names).size).toBe(3);
  expect(toEventName(structuredClone(notice), 'me', 1)).toBe(names[0]);
});

it.each([
  ['a long one', 'x'.repeat(253)],
  ['one that is cut behind a dash', `${'x'.repeat(199)}-y`],
  ['one that is cut behind a dot', `${'x'.repeat(198)}-.y`],
])('the name of an Event about an object with %s is one that Kubernetes takes', (_what, name) => {
  const { metadata } = make({ about: { ...about, name } });
  expect(metadata.name.length).toBeLessThanOrEqual(253);
  expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
});

it('Events about what is in no namespace are in that which Kubernetes wants them in', () => {
  const event = make({ about: { ...about, namespace: '' } });
  expect(event.metadata.namespace).toBe('default');
  expect(event.regarding).not.toHaveProperty('namespace');
});

it('of a list, only Warnings of this controller are read', () => {
  const event = make();
  expect(readWarning(event)).toEqual([toEventName(content, 'me'), toWords('It is.')]);
  expect(readWarning(make({ note: 'Other.' }))?.[1]).not.toBe(toWords('It is.'));
  expect(readWarning({ ...event, type: 'Normal' })).toBeUndefined();
  expect(readWarning({ ...event, reportingController: 'kubelet' })).toBeUndefined();
  expect(readWarning({ ...event, metadata: null })).toBeUndefined();
  expect(readWarning('text')).toBeUndefined();
});

it('only Warnings have an author: notices are left alone', () => {
  expect(make().metadata).toMatchObject({ labels: { 'fairlead.dev/author': 'me' } });
  expect(make({ type: 'Normal' }).metadata).not.toHaveProperty('labels');
});
