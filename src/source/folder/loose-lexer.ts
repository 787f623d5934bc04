import { Lexer } from 'yaml';

/**
 * A lexer that takes what the readers of Kubernetes take and YAML's letter does not: in flow mappings and lists, and in quoted texts, the
 * indentation of further lines means nothing. The marks of documents still end them.
 */
export function createLooseLexer(): Lexer {
  const lexer = new Lexer();
  for (const method of ['parseFlowCollection', 'parseQuotedScalar']) ignoreIndentation(lexer, method);
  return lexer;
}

type Step = () => Generator<string, string | undefined, undefined>;

/** The library has no switch for this. Its method asks `indentNext` how far a line has to be indented; meanwhile that is nothing. */
function ignoreIndentation(lexer: Lexer, method: string): void {
  const step = Reflect.get(lexer, method) as Step;
  Reflect.set(lexer, method, function* loosely(): ReturnType<Step> {
    const kept: unknown = Reflect.get(lexer, 'indentNext');
    Reflect.set(lexer, 'indentNext', 0);
    const next = yield* step.call(lexer);
    Reflect.set(lexer, 'indentNext', kept);
    return next;
  });
}
