import { re2Mistake } from '../../traefik/re2.ts';
import { listGroups } from '../../traefik/re2-groups.ts';
import type { HttpMiddleware } from '../../traefik/http-middleware.ts';
import { isElsewhere, pieces, type Piece } from './pieces.ts';
import type { NginxDirective } from './snippet-parser.ts';

/** Another path for the backend, or another address for the client. */
export interface Sending {
  readonly stage: 'redirect' | 'rewrite';
  readonly middleware: HttpMiddleware;
}

const origin = '^(https?)://([^/:?]+|\\[[^/?]*\\])(:\\d+)?';

/**
 * What `return` and `rewrite` do; undefined when it is another directive.
 * @returns Why it cannot be carried out, as a text, where it cannot.
 */
export function readSending({ name, args }: NginxDirective): Sending | string | undefined {
  if (name === 'return') return toReturn(args);
  return name === 'rewrite' ? toRewrite(args) : undefined;
}

const permanent: Readonly<Record<string, boolean>> = { 301: true, 302: false, 307: false, 308: true };

function toReturn(args: readonly string[]): Sending | string {
  const [first = '', second] = args;
  const [code, to] = second === undefined && !/^\d/.test(first) ? ['302', first] : [first, second ?? ''];
  const isPermanent = permanent[code];
  if (isPermanent === undefined) return `Traefik cannot answer ${code.slice(0, 20)} itself`;
  const parsed = pieces(to);
  if (!parsed.ok) return parsed.message;
  if (!isAddress(parsed.value)) return 'its target is no URL or path';
  const regex = `${origin}([^?]*)(\\??)(.*)$`;
  const replacement = toText(parsed.value, { uri: '${4}', rest: '${5}${6}', args: '${6}', mark: '${5}' });
  return { stage: 'redirect', middleware: { redirectRegex: { regex, replacement, permanent: isPermanent } } };
}

function toRewrite([pattern = '', target = '', flag = '']: readonly string[]): Sending | string {
  const mistake = re2Mistake(pattern);
  if (mistake !== null) return `its regular expression ${mistake}`;
  const start = pattern.startsWith('^') ? '' : '[^?]*?';
  const end = /(?<!\\)\$$/.test(pattern) ? '' : '[^?]*';
  const inner = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  // Anchors in the middle would be about the path, and there are scheme, host and query around it.
  if (/(?<![[\\])[\^$]/.test(inner)) return 'its regular expression has an anchor in the middle';
  const dropsQuery = target.endsWith('?');
  const parsed = pieces(dropsQuery ? target.slice(0, -1) : target);
  if (!parsed.ok) return parsed.message;
  const to = parsed.value;
  const groups = listGroups(inner).length;
  const isRedirect = flag === 'permanent' || flag === 'redirect' || isElsewhere(to);
  if (isRedirect && isAddress(to)) {
    const query = `\${${groups + 4}}`;
    const text = toText(to, { uri: '', rest: '', args: '', mark: '', groups, before: 3 });
    const regex = `${origin}${start}(?:${inner})${end}(\\?.*)?$`;
    const replacement = `${text}${dropsQuery ? '' : query}`;
    const isPermanent = flag === 'permanent';
    return {
      stage: 'redirect',
      middleware: { redirectRegex: { regex, replacement, permanent: isPermanent } },
    };
  }
  const isPath = to.every(({ kind }) => kind !== 'variable') && isAddress(to) && !/[?#]/.test(target);
  if (flag !== 'break' || !isPath) return 'Traefik cannot do this with its target and flag';
  const replacement = toText(to, { uri: '', rest: '', args: '', mark: '', groups, before: 0 });
  return {
    stage: 'rewrite',
    middleware: { replacePathRegex: { regex: `^${start}(?:${inner})${end}$`, replacement } },
  };
}

function isAddress(to: readonly Piece[]): boolean {
  const [first] = to;
  return isElsewhere(to) || (first?.kind === 'text' && /^\/(?!\/)/.test(first.text));
}

interface Found {
  readonly uri: string;
  readonly rest: string;
  readonly args: string;
  readonly mark: string;
  readonly groups?: number;
  readonly before?: number;
}

function toText(to: readonly Piece[], { uri, rest, args, mark, groups = 0, before = 0 }: Found): string {
  const variables = {
    scheme: '${1}',
    host: '${2}',
    http_host: '${2}${3}',
    request_uri: uri + rest,
    uri,
    is_args: mark,
    args,
  } as const;
  return to
    .map((piece) => {
      switch (piece.kind) {
        case 'text':
          return piece.text;
        case 'group':
          return piece.number >= 1 && piece.number <= groups ? `\${${piece.number + before}}` : '';
        case 'variable':
          return variables[piece.name];
      }
    })
    .join('');
}
