import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Subject } from '../../model/problem.ts';
import { isObject } from '../../lib/raw-fields.ts';
import type { EventNote } from './plan-events.ts';

/** `namespace/name` of an Event. */
export type EventName = string;

const reportingController = 'fairlead.dev/controller';
/** On Warnings: who may delete them. Two Fairleads that read one cluster must leave those of each other alone. */
const authorLabel = 'fairlead.dev/author';

const apiVersions: Readonly<Record<string, string>> = {
  EndpointSlice: 'discovery.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  IngressClass: 'networking.k8s.io/v1',
};

/** An Event of events.k8s.io/v1. `occasion` tells two of the same words apart; Warnings have none, so that each is there once. */
export interface EventDetails {
  readonly note: EventNote;
  readonly uid: string | undefined;
  /** Who tells it: a label value. */
  readonly author: string;
  readonly occasion?: string;
}

/** The same for the same details, on every replica and after a restart. */
export function toEventName({ note, uid, author, occasion }: EventDetails): EventName {
  const { kind, name } = note.about;
  const identity = [author, kind, name, uid, note.type, note.reason, note.note, occasion];
  return `${toNamespace(note.about)}/${name.slice(0, 200).replace(/[^a-z0-9]+$/, '')}.${toShortHash(identity)}`;
}

export function toEvent(details: EventDetails, now: Date) {
  const { note, uid, author } = details;
  const { kind, namespace, name } = note.about;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {
      name: toEventName(details).replace(/^.*\//, ''),
      namespace: toNamespace(note.about),
      ...(note.type === 'Warning' && { labels: { [authorLabel]: author } }),
    },
    eventTime: now.toISOString().replace('Z', '000Z'),
    reportingController,
    reportingInstance: hostname().slice(0, 128),
    type: note.type,
    reason: note.reason,
    action: note.action,
    note: note.note,
    regarding: {
      apiVersion: apiVersions[kind] ?? 'v1',
      kind,
      name,
      ...(namespace !== '' && { namespace }),
      ...(uid !== undefined && { uid }),
    },
  };
}

/** The Events of a namespace; without one, of the whole cluster. */
export function toEventsPath(namespace = ''): string {
  return `/apis/events.k8s.io/v1/${namespace === '' ? '' : `namespaces/${namespace}/`}events`;
}

/** The namespace of an Event. */
export function toEventNamespace(event: EventName): string {
  return event.split('/')[0] ?? '';
}

export function toEventPath(event: EventName): string {
  const [namespace = '', name = ''] = event.split('/');
  return `${toEventsPath(namespace)}/${name}`;
}

/** The Warnings of an author. By their label: unlike the fields of Events, every server can select by it. */
export function toWarningSelector(author: string): Readonly<Record<string, string>> {
  return { labelSelector: `${authorLabel}=${author}` };
}

/** Of an item of a list; undefined for what only looks like an Event of ours. */
export function toWarningName(item: unknown): EventName | undefined {
  if (!isObject(item) || item['type'] !== 'Warning' || item['reportingController'] !== reportingController)
    return undefined;
  const { metadata } = item;
  return isObject(metadata) ? `${String(metadata['namespace'])}/${String(metadata['name'])}` : undefined;
}

/** Sixteen characters that fit into names and label values. */
export function toShortHash(identity: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(identity), 'hex').slice(0, 16);
}

/** Where an Event is; those about what is in no namespace belong into `default`. */
export function toNamespace(about: Subject): string {
  return about.namespace === '' ? 'default' : about.namespace;
}
