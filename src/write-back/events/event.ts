import { hash } from 'node:crypto';
import { hostname } from 'node:os';
import { isKind, kinds } from '../../kinds/index.ts';
import { isObject } from '../../lib/raw-object.ts';
import type { Subject } from '../../model/problem.ts';

/** What an Event says. */
export interface EventContent {
  readonly type: 'Normal' | 'Warning';
  /** In one word, such as `PoolExhausted`. */
  readonly reason: string;
  /** What Fairlead was doing. */
  readonly action: string;
  readonly about: Subject;
  /** The `metadata.uid` of the object: `kubectl describe` finds its Events by it. */
  readonly uid: string | undefined;
  readonly note: string;
}

/** `namespace/name` of an Event. */
export type EventName = string;

const reportingController = 'fairlead.dev/controller';
/** On Warnings: who may delete them. Two Fairleads that read one cluster must leave those of each other alone. */
const authorLabel = 'fairlead.dev/author';

/** Kubernetes refuses longer ones. */
const maxNote = 1024;

/**
 * The same on every replica and after a restart: that of a Warning follows from its object and reason, so that the server keeps two
 * of them apart; that of a notice also from its words, and from when it is written.
 */
export function toEventName(content: EventContent, author: string, occasion?: number): EventName {
  const { about, uid, type, reason, note } = content;
  const words = occasion === undefined ? [] : [note, occasion];
  const identity = toShortHash([author, about.kind, about.name, uid, type, reason, ...words]);
  // A name has at most 253 characters, and its parts end with a letter or a digit.
  return `${toNamespace(about)}/${about.name.slice(0, 200).replace(/[^a-z0-9]+$/, '')}.${identity}`;
}

/** A text that is cut to the length that a note may have, and what has to stand behind it. */
export function toNote(text: string, end = ''): string {
  const most = maxNote - end.length;
  return `${text.length > most ? `${text.slice(0, most - 3)}...` : text}${end}`;
}

/** The words of a Warning, as far as they have to be told apart. */
export function toWords(note: string): string {
  return toShortHash([note]);
}

/** As `events.k8s.io/v1` wants it. */
export function toEvent(name: EventName, content: EventContent, author: string, now: Date): object {
  const { about, uid, ...words } = content;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {
      name: name.slice(name.indexOf('/') + 1),
      namespace: toNamespace(about),
      ...(words.type === 'Warning' && { labels: { [authorLabel]: author } }),
    },
    eventTime: now.toISOString().replace('Z', '000Z'),
    reportingController,
    reportingInstance: hostname().slice(0, 128),
    ...words,
    regarding: {
      apiVersion: isKind(about.kind) ? kinds[about.kind].apiVersion : 'v1',
      kind: about.kind,
      name: about.name,
      ...(about.namespace !== '' && { namespace: about.namespace }),
      ...(uid !== undefined && { uid }),
    },
  };
}

/** The Warnings of an author. By their label: unlike the fields of Events, every server can select by it. */
export function toWarningSelector(author: string): Readonly<Record<string, string>> {
  return { labelSelector: `${authorLabel}=${author}` };
}

/** The name and the words of an item of a list; undefined for what only looks like a Warning of Fairlead's. */
export function readWarning(item: unknown): readonly [EventName, string] | undefined {
  if (!isObject(item) || item['type'] !== 'Warning' || item['reportingController'] !== reportingController)
    return undefined;
  const { metadata, note } = item;
  if (!isObject(metadata)) return undefined;
  return [`${String(metadata['namespace'])}/${String(metadata['name'])}`, toWords(String(note))];
}

/** A label value that replicas have in common when they share a Lease. */
export function toAuthor(
  lease: { readonly namespace: string; readonly name: string },
  source: string,
): string {
  return toShortHash([lease.namespace, lease.name, source]);
}

/** The namespace of an Event. */
export function toEventNamespace(event: EventName): string {
  return event.slice(0, event.indexOf('/'));
}

function toShortHash(identity: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(identity), 'hex').slice(0, 16);
}

/** Kubernetes wants Events about what is in no namespace in `default`. */
function toNamespace(about: Subject): string {
  return about.namespace === '' ? 'default' : about.namespace;
}
