import type { TraefikVersion } from '../settings/settings.ts';
import type { Rule } from './values.ts';
import { knowsWildcardHosts } from './versions.ts';
import { toJsonText } from './stable-json.ts';

export type { Rule } from './values.ts';

/** Requests for this host. Of a wildcard name use `wildcardHost`. */
export function host(name: string): Rule {
  return matcher('Host', name);
}

/** Requests for the hosts of `*.example.com`: exactly one label more, as Kubernetes has it. Needs a name of that form. */
export function wildcardHost(name: string, version: TraefikVersion): Rule {
  return knowsWildcardHosts(version) ? matcher('Host', name) : matcher('HostRegexp', toWildcardRegex(name));
}

/** `host` or `wildcardHost`, after the form of the name. */
export function anyHost(name: string, version: TraefikVersion): Rule {
  return name.startsWith('*.') ? wildcardHost(name, version) : host(name);
}

/** This path and no other. Takes the form that `toRulePath` gives. */
export function path(exact: string): Rule {
  return matcher('Path', exact);
}

/** Paths that begin with these characters: `/foo` takes `/foobar` too. */
export function pathPrefix(prefix: string): Rule {
  return matcher('PathPrefix', prefix);
}

/** Paths that begin with these elements, as Kubernetes has it: `/foo` and `/foo/` take `/foo` and `/foo/bar`, not `/foobar`. */
export function prefixByElement(prefix: string): Rule {
  const trimmed = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return trimmed === '' ? pathPrefix('/') : any(path(trimmed), pathPrefix(`${trimmed}/`));
}

/** Paths that a regular expression matches anywhere in them: anchor it. Check it with `re2Mistake`. */
export function pathRegexp(pattern: string): Rule {
  return matcher('PathRegexp', pattern);
}

/** Requests whose header has exactly this value. */
export function header(name: string, value: string): Rule {
  return matcher('Header', name, value);
}

/** Requests with a header that the regular expression matches anywhere in it. */
export function headerRegexp(name: string, pattern: string): Rule {
  return matcher('HeaderRegexp', name, pattern);
}

export function method(name: string): Rule {
  return matcher('Method', name);
}

/** Peers of this address or network. HTTP and TCP. */
export function clientIP(network: string): Rule {
  return matcher('ClientIP', network);
}

/** TLS connections that ask for this name. TCP. */
export function hostSni(name: string, version: TraefikVersion): Rule {
  if (!name.startsWith('*.') || knowsWildcardHosts(version)) return matcher('HostSNI', name);
  return matcher('HostSNIRegexp', toWildcardRegex(name));
}

/** Every connection, with or without TLS. TCP; the one router of a pool entryPoint has it. */
export function hostSniAny(): Rule {
  return matcher('HostSNI', '*');
}

/** Where all of them hold. */
export function all(first: Rule, ...others: readonly Rule[]): Rule {
  return toRule([first, ...others].join(' && '));
}

/** Where one of them holds. Comes in brackets, so that it can stand in any other rule. */
export function any(first: Rule, ...others: readonly Rule[]): Rule {
  return others.length === 0 ? first : toRule(`(${[first, ...others].join(' || ')})`);
}

/** Where it does not hold. */
export function not(rule: Rule): Rule {
  return toRule(`!(${rule})`);
}

// A quoted literal with Go's escapes: in backticks there are none, and a text could end the literal.
function matcher(name: string, ...texts: readonly string[]): Rule {
  return toRule(`${name}(${texts.map(toJsonText).join(', ')})`);
}

function toRule(text: string): Rule {
  return text as Rule;
}

function toWildcardRegex(name: string): string {
  return `^[^.]+\\.${name.slice(2).replaceAll(/[^A-Za-z0-9_-]/g, (other) => `\\${other}`)}$`;
}
