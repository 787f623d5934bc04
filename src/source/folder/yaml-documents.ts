import { Composer, Lexer, Parser, Schema, isMap, isScalar, isSeq, type CST, type Document } from 'yaml';
import type { ValuePath } from '../../kinds/expand-list.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import type { ManifestDocument } from './manifest-document.ts';
import { ManifestFault, maxDepth } from './manifest-fault.ts';
import { toStart, toYamlValue } from './yaml-value.ts';

/** One schema for every document, so that `%YAML 1.1` does not turn `on` and `12:30:45` into something else. */
const schema = new Schema({ schema: 'core', resolveKnownTags: false, merge: false });
/** A level of nesting is at most a few tokens on the parser's stack. */
const maxStack = maxDepth * 3;
/** An ordinary file of the largest size has fewer; one of nothing but brackets and commas would hold up the process. */
const maxLexemes = 3_000_000;

/**
 * The documents of a YAML text, one after the other; empty ones are null.
 * @throws ManifestFault at the first place that is not valid YAML 1.2, has an own tag, or is beyond the limits.
 */
export async function* toYamlDocuments(text: string, breathe: TimeSlice): AsyncGenerator<ManifestDocument> {
  const composer = new Composer({ schema, uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  for await (const token of toTokens(text, breathe)) {
    for (const document of withoutStacks(() => [...composer.next(token)])) yield toManifestDocument(document);
    await breathe();
  }
  for (const document of composer.end()) yield toManifestDocument(document);
  throwFirst(composer.streamInfo());
}

async function* toTokens(text: string, breathe: TimeSlice): AsyncGenerator<CST.Token> {
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) yield toSound(token);
    if (parser.stack.length > maxStack) {
      throw new ManifestFault(`Values nest deeper than ${maxDepth} levels.`, parser.offset);
    }
    count += 1;
    if (count > maxLexemes) throw new ManifestFault('The file has too many values.', parser.offset);
    if (count % 256 === 0) await breathe();
  }
  for (const token of parser.end()) yield toSound(token);
}

/** The parser goes on after an error, at a cost for each further one. The first is enough. */
function toSound(token: CST.Token): CST.Token {
  if (token.type === 'error') throw new ManifestFault(toSentence(token.message), token.offset);
  return token;
}

function toManifestDocument(document: Document.Parsed): ManifestDocument {
  throwFirst(document);
  return { value: toYamlValue(document), offsetOf: (path) => toOffset(document, path) };
}

function throwFirst({ errors, warnings }: Pick<Document, 'errors' | 'warnings'>): void {
  // What the library only warns of, such as a tag that it does not know, would be read as something else by Kubernetes.
  const first = errors[0] ?? warnings[0];
  if (first !== undefined) throw new ManifestFault(toSentence(first.message), first.pos[0]);
}

function toSentence(message: string): string {
  // Beyond the first colon the library may quote the text.
  const start = /^(?:Unresolved tag|Map keys must be unique)/.test(message)
    ? message
    : message.split(/: "|\n/)[0];
  return `${(start ?? message).slice(0, 160).replace(/[.:]$/, '')}.`;
}

/** The library makes an `Error` for each fault: a file of nothing but faults would cost seconds of stack traces. */
function withoutStacks<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function toOffset(document: Document.Parsed, path: ValuePath): number {
  let node: unknown = document.contents;
  let offset = toStart(node);
  for (const step of path) {
    if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (item === undefined) return offset;
      node = item;
      offset = toStart(item);
    } else if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => isScalar(key) && (key.source ?? String(key.value)) === String(step),
      );
      if (pair === undefined) return offset;
      node = pair.value;
      offset = toStart(pair.key);
    } else return offset;
  }
  return offset;
}
