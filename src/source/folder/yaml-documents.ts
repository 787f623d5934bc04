import {
  Composer,
  Parser,
  Schema,
  isMap,
  isScalar,
  isSeq,
  type CST,
  type Document,
  type YAMLWarning,
} from 'yaml';
import type { ValuePath } from '../../kinds/expand-list.ts';
import type { TimeSlice } from '../../lib/time-slice.ts';
import { limits } from './limits.ts';
import { createLooseLexer } from './loose-lexer.ts';
import type { ManifestDocument } from './manifest-document.ts';
import { ManifestFault, maxDepth } from './manifest-fault.ts';
import { splitDocuments } from './split-documents.ts';
import { toStart, toYamlValue } from './yaml-value.ts';

/** Texts stay texts: what they mean is for `yaml-value.ts` to say, and no `%YAML` changes it. */
const schema = new Schema({ schema: 'failsafe', resolveKnownTags: false, merge: false });
/** A level of nesting is at most a few tokens on the parser's stack. */
const maxStack = maxDepth * 3;
/** Tags whose meaning is that of the value itself. */
const knownTag = /^Unresolved tag: tag:yaml\.org,2002:(?:bool|float|int|null|timestamp)$/;

/**
 * The documents of a YAML text, one after the other; empty ones are null.
 * @throws ManifestFault at the first place that is not YAML as kubectl reads it, has an own tag, or is beyond the limits.
 */
export async function* toYamlDocuments(text: string, breathe: TimeSlice): AsyncGenerator<ManifestDocument> {
  const pieces: Pieces = { left: limits.yamlPieces };
  for (const { start, content } of splitDocuments(text)) {
    try {
      for await (const document of parseChunk(content, pieces, breathe))
        yield {
          value: document.value,
          repeated: document.repeated.map(({ key, offset }) => ({ key, offset: start + offset })),
          offsetOf: (path) => start + document.offsetOf(path),
        };
    } catch (error) {
      if (!(error instanceof ManifestFault)) throw error;
      throw new ManifestFault(error.message, start + error.offset);
    }
  }
}

/** How many more pieces the text may have. */
interface Pieces {
  left: number;
}

async function* parseChunk(
  text: string,
  pieces: Pieces,
  breathe: TimeSlice,
): AsyncGenerator<ManifestDocument> {
  const composer = new Composer({ schema, uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  for await (const token of toTokens(text, pieces, breathe)) {
    for (const document of withoutStacks(() => [...composer.next(token)])) yield toManifestDocument(document);
    await breathe();
  }
  for (const document of composer.end()) yield toManifestDocument(document);
  throwFirst(composer.streamInfo());
}

async function* toTokens(text: string, pieces: Pieces, breathe: TimeSlice): AsyncGenerator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of createLooseLexer().lex(text)) {
    for (const token of parser.next(lexeme)) yield toSound(token);
    if (parser.stack.length > maxStack) {
      throw new ManifestFault(`Values nest deeper than ${maxDepth} levels.`, parser.offset);
    }
    pieces.left -= 1;
    if (pieces.left < 0) throw new ManifestFault('The file has too many values.', parser.offset);
    if (pieces.left % 256 === 0) await breathe();
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
  return { ...toYamlValue(document), offsetOf: (path) => toOffset(document, path) };
}

function throwFirst({ errors, warnings }: Pick<Document, 'errors' | 'warnings'>): void {
  // What the library only warns of, such as a tag that it does not know, would be read as something else by Kubernetes.
  const first = errors[0] ?? warnings.find(isGrave);
  if (first !== undefined) throw new ManifestFault(toSentence(first.message), first.pos[0]);
}

function isGrave({ code, message }: YAMLWarning): boolean {
  // The end of a flow at the column of its key.
  return code !== 'BAD_INDENT' && !knownTag.test(message);
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
