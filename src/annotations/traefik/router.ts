import type { RouterDirective } from '../directives.ts';
import { defineFeature } from '../feature.ts';
import { accept, list, quote, refuse, toValue, type Parser } from '../parsers.ts';
import { traefikPrefix } from './keys.ts';

const entryPointName: Parser<string> = (text) =>
  /^[^\s@,\u2551\p{C}]{1,200}$/u.test(toValue(text))
    ? accept(toValue(text))
    : refuse(`${quote(text)} is not the name of an entryPoint`, 'Write names from the static configuration.');

const entryPointNames = list(entryPointName);

/** Beyond these a number says no more, and JSON would not hold it exactly. */
const farthest = 2 ** 52;

/** Traefik reads an int64, and takes 0 for "by the length of the rule". */
const priority: Parser<number | undefined> = (text) => {
  const value = toValue(text);
  if (!/^[+-]?\d{1,19}$/.test(value))
    return refuse(`${quote(text)} is not a whole number`, 'Write a number such as "100".');
  const number = Math.max(-farthest, Math.min(farthest, Number(value)));
  return accept(number === 0 ? undefined : number);
};

const ruleSyntax: Parser<undefined> = (text) => {
  const value = toValue(text).toLowerCase();
  if (value === '' || value === 'v3' || value === 'default') return accept(undefined);
  return refuse(
    `${quote(text)} is a syntax in which Fairlead writes no rules`,
    'Remove it. What stands in braces in a path is no pattern here: use router.pathmatcher PathRegexp for those.',
  );
};

const matchers = ['Path', 'PathPrefix', 'PathRegexp'] as const;

/** Traefik compares them with regard to case. */
const pathMatcher: Parser<(typeof matchers)[number]> = (text) => {
  const matcher = matchers.find((each) => each === toValue(text));
  return matcher === undefined
    ? refuse(`${quote(text)} is none of ${matchers.join(', ')}`, `Write one of ${matchers.join(', ')}.`)
    : accept(matcher);
};

/** Where the routes of an Ingress are served, and which requests they are for. */
export const traefikRouter = defineFeature({
  name: 'traefik-router',
  annotations: {
    entryPoints: {
      key: `${traefikPrefix}router.entrypoints`,
      on: ['Ingress'],
      parse: entryPointNames,
      isList: true,
      whenInvalid: 'withhold',
      value: 'names of entryPoints, comma-separated: those of `fleets[].entryPoints`',
      example: 'websecure',
      doc: 'Serves the routes on these entryPoints and on no other. On `entryPoints.https` they always have TLS, on the others when the Ingress asks for it by `router.tls`; on `entryPoints.http` they have none unless an Ingress of the dialect `traefik` asks for it.',
      differs:
        'The https entryPoint always has TLS, as with `http.tls` in the static configuration; ports of the pools cannot be named.',
    },
    priority: {
      key: `${traefikPrefix}router.priority`,
      on: ['Ingress'],
      parse: priority,
      whenInvalid: 'use-default',
      value: 'a whole number; the default is the length of the rule that Traefik would write',
      example: '100',
      doc: 'Which of several matching rules of a host goes first: the one with the higher number. Of several routes with the same number the one with the longer path does. A number above the length of the rule counts only for the namespace that was the first to route the host.',
      differs:
        'It orders the routes of one host; a host by its name goes before a wildcard, and that before none, whatever the number.',
    },
    ruleSyntax: {
      key: `${traefikPrefix}router.rulesyntax`,
      on: ['Ingress'],
      parse: ruleSyntax,
      whenInvalid: 'use-default',
      value: '`v3` or `default`',
      example: 'v3',
      doc: 'The syntax of the rule, which Fairlead always writes in that of Traefik v3.',
      differs: 'With `v2`, braces in a path are no pattern.',
    },
    pathMatcher: {
      key: `${traefikPrefix}router.pathmatcher`,
      on: ['Ingress'],
      parse: pathMatcher,
      whenInvalid: 'use-default',
      value: '`PathPrefix` (default), `Path` or `PathRegexp`',
      example: 'PathRegexp',
      doc: 'How paths of the type ImplementationSpecific match: by their first characters, as a whole, or as a regular expression of RE2 that may match anywhere in the path. Other types of path stay as they are.',
    },
  },
  apply: ({ entryPoints, priority: asked, pathMatcher: matcher }) => {
    const router: RouterDirective = {
      ...(entryPoints && { entryPoints: [...new Set(entryPoints)] }),
      ...(asked !== undefined && { priority: asked }),
      ...(matcher && { pathMatcher: matcher }),
    };
    return Object.keys(router).length === 0 ? {} : { router };
  },
});
