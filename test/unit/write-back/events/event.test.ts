import { expect, it } from 'vitest';

import {
  toEvent,
  toEventName,
  toWarningName,
  type EventDetails,
} from '../../../../src/write-back/events/event.ts';

const about = { source: 'prod', kind: 'Service', namespace: 'shop', name: 'db' };
const note = { type: 'Warning', reason: 'PoolExhausted', action: 'Routing', about, note: 'It is.' } as const;
const details: EventDetails = { note, uid: 'u', author: 'me' };

it('the name of an Event is that of the same words about the same object, by the same author', () => {
  const name = toEventName(details);
  expect(name).toMatch(/^shop\/db\.[0-9a-f]{16}$/);
  expect(toEventName(structuredClone(details))).toBe(name);
  const others: readonly EventDetails[] = [
    { ...details, uid: undefined },
    { ...details, author: 'you' },
    { ...details, occasion: 'today' },
    { ...details, note: { ...note, reason: 'Other' } },
    { ...details, note: { ...note, note: 'Other.' } },
    { ...details, note: { ...note, type: 'Normal' } },
    { ...details, note: { ...note, about: { ...about, kind: 'Ingress' } } },
  ];
  expect(new Set([name, ...others.map(toEventName)]).size).toBe(1 + others.length);
});

it.each([
  ['a long one', 'x'.repeat(253)],
  ['one that is cut behind a dash', `${'x'.repeat(199)}-y`],
  ['one that is cut behind a dot', `${'x'.repeat(198)}-.y`],
])('the name of an Event about an object with %s is one that Kubernetes takes', (_what, name) => {
  const event = toEvent({ ...details, note: { ...note, about: { ...about, name } } }, new Date());
  expect(event.metadata.name.length).toBeLessThanOrEqual(253);
  expect(event.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
});

it('Events about what is in no namespace are in that which Kubernetes wants them in', () => {
  const event = toEvent({ ...details, note: { ...note, about: { ...about, namespace: '' } } }, new Date());
  expect(event.metadata.namespace).toBe('default');
  expect(event.regarding).not.toHaveProperty('namespace');
});

it('of a list, only Warnings of this controller are told by their names', () => {
  const event = toEvent(details, new Date());
  expect(toWarningName(event)).toBe(toEventName(details));
  expect(toWarningName({ ...event, type: 'Normal' })).toBeUndefined();
  expect(toWarningName({ ...event, reportingController: 'kubelet' })).toBeUndefined();
  expect(toWarningName({ ...event, metadata: null })).toBeUndefined();
  expect(toWarningName('text')).toBeUndefined();
});

it('only Warnings have an author: news is left alone', () => {
  expect(toEvent(details, new Date()).metadata).toMatchObject({ labels: { 'fairlead.dev/author': 'me' } });
  const news = toEvent({ ...details, note: { ...note, type: 'Normal' } }, new Date());
  expect(news.metadata).not.toHaveProperty('labels');
});
