import type { TraefikVersion } from '../settings/settings.ts';
import { toLiteralPattern } from './re2.ts';
import type { Rule } from './values.ts';
import { knowsWildcardHosts } from './versions.ts';
import { toJsonText } from './stable-json.ts';

export type { Rule } from './values.ts';

/** Requests for this host. Of a wildcard name use `wildcardHost`. */
export function host(name: string): Rule {
  return matcher('Host', name);
}

/**
 * The same requests, by a rule that is longer by one character. Of the names in the rules of HTTPS routers that fit a connection Traefik takes
 * the TLS options of the longest, and of `a.example.com` and `*.example.com` any.
 */
export function longerHost(name: string): Rule {
  return matcher('Host', `${name}.`);
}

/** Requests for the hosts of `*.example.com`: exactly one label more, as Kubernetes has it. Needs a name of that form. */
export function wildcardHost(name: string, version: TraefikVersion): Rule {
  return knowsWildcardHosts(version) ? matcher('Host', name) : wildcardHostRegexp(name);
}

/** The same for every version of Traefik, and without a name in the rule by which it would choose HTTPS for a connection. */
export function wildcardHostRegexp(name: string): Rule {
  return matcher('HostRegexp', toWildcardRegex(name));
}

/** Requests for the hosts below a domain, however many labels more they have, as Gateway API has it. */
export function hostBelow(domain: string): Rule {
  return matcher('HostRegexp', toBelowRegex(domain));
}

/** Those of them that have two labels more, or several. */
export function hostFarBelow(domain: string): Rule {
  return matcher('HostRegexp', toFarBelowRegex(domain));
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

/** Paths that a regular expression matches as a whole. Check it with `re2Mistake`. */
export function pathRegexp(pattern: string): Rule {
  return matcher('PathRegexp', anchor(pattern));
}

/** Requests whose header has exactly this value. */
export function header(name: string, value: string): Rule {
  return matcher('Header', name, value);
}

/** Requests with a header that the regular expression matches as a whole. */
export function headerRegexp(name: string, pattern: string): Rule {
  return matcher('HeaderRegexp', name, anchor(pattern));
}

/** Requests whose query parameter has exactly this value. */
export function query(name: string, value: string): Rule {
  return matcher('Query', name, value);
}

/** Requests with a query parameter that the regular expression matches as a whole. */
export function queryRegexp(name: string, pattern: string): Rule {
  return matcher('QueryRegexp', name, anchor(pattern));
}

/** Requests of clients of a network, in CIDR notation, or of one address. */
export function clientIp(network: string): Rule {
  return matcher('ClientIP', network);
}

export function method(name: string): Rule {
  return matcher('Method', name);
}

/** TLS connections whose client asks for this host. TCP; of a wildcard name use `wildcardHostSni`. */
export function hostSni(name: string): Rule {
  return matcher('HostSNI', name);
}

/** TLS connections whose client asks for a host of `*.example.com`: exactly one label more. TCP; needs a name of that form. */
export function wildcardHostSni(name: string, version: TraefikVersion): Rule {
  return knowsWildcardHosts(version) ? hostSni(name) : matcher('HostSNIRegexp', toWildcardRegex(name));
}

/** TLS connections whose client asks for a host below a domain, however many labels deep. TCP. */
export function hostSniBelow(domain: string): Rule {
  return matcher('HostSNIRegexp', toBelowRegex(domain));
}

/** Every connection, with or without TLS. TCP; the one router of a pool entryPoint has it. */
export function hostSniAny(): Rule {
  return matcher('HostSNI', '*');
}

/** TLS connections whose client does not offer any of these protocols, such as `h2`. TCP. */
export function withoutAlpn(first: string, ...others: readonly string[]): Rule {
  return toRule([first, ...others].map((each) => `!${matcher('ALPN', each)}`).join(' && '));
}

/** Where all of them hold. */
export function all(first: Rule, ...others: readonly Rule[]): Rule {
  return toRule([first, ...others].join(' && '));
}

/** Where one of them holds. Comes in brackets, so that it can stand in any other rule. */
export function any(first: Rule, ...others: readonly Rule[]): Rule {
  return others.length === 0 ? first : toRule(`(${[first, ...others].join(' || ')})`);
}

// A quoted literal with Go's escapes: in backticks there are none, and a text could end the literal.
function matcher(name: string, ...texts: readonly string[]): Rule {
  return toRule(`${name}(${texts.map(toJsonText).join(', ')})`);
}

function toRule(text: string): Rule {
  return text as Rule;
}

/** Traefik looks for a match anywhere in the text. */
function anchor(pattern: string): string {
  return `^(?:${pattern})$`;
}

function toWildcardRegex(name: string): string {
  return `^[^.]+\\.${toLiteralPattern(name.slice(2))}$`;
}

function toBelowRegex(domain: string): string {
  return `^.+\\.${toLiteralPattern(domain)}$`;
}

function toFarBelowRegex(domain: string): string {
  return `^.+\\.[^.]+\\.${toLiteralPattern(domain)}$`;
}
