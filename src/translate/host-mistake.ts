import type { ProblemDetails } from '../model/problem.ts';
import { quote } from '../annotations/parsers.ts';
import { toHostName } from '../traefik/rule-text.ts';

/** What is wrong with a text that is no host, and what to write in its place, as far as that can be seen. */
export function describeHostMistake(text: string, reason: string): Pick<ProblemDetails, 'hint' | 'message'> {
  const [what, hint] = explain(text) ?? [
    reason,
    'Write a host such as "shop.example.com" or "*.example.com".',
  ];
  return { message: `the host ${quote(text)} ${what}`, hint };
}

function explain(text: string): readonly [string, string] | undefined {
  if (text.length > 253) return undefined;
  const [, scheme, url] = /^([a-z]{2,10}):\/\/([^/?#]*)/i.exec(text) ?? [];
  const host = (url ?? text).replace(/:\d{1,5}$/, '').replace(/[/?#].*$/s, '');
  const name = toHostName(host);
  if (name.kind === 'invalid') return explainInternational(text);
  if (scheme !== undefined)
    return [
      'is a URL',
      `Write ${name.value}; HTTPS is asked for by fairlead.dev/tls, the path by fairlead.dev/path or the paths of the Ingress.`,
    ];
  if (/:\d{1,5}$/.test(text))
    return ['has a port', `Write ${name.value}; the entryPoint says which port it is.`];
  return text.includes('/')
    ? ['has a path', `Write ${name.value}, and the path in fairlead.dev/path or the paths of the Ingress.`]
    : undefined;
}

/** The ASCII form of an international name, as browsers send it. */
function explainInternational(text: string): readonly [string, string] | undefined {
  if (!/^[\p{L}\p{M}\p{N}.*-]+$/u.test(text) || !URL.canParse(`http://${text}/`)) return undefined;
  const name = toHostName(new URL(`http://${text}/`).hostname);
  return name.kind === 'valid' ? ['is not in its ASCII form', `Write ${name.value}.`] : undefined;
}
