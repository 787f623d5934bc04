import { UsageError } from '../app/usage-error.ts';

/** The value of an option that has to be an http or https URL, without query and fragment. @throws UsageError */
export function parseHttpUrl(option: string, given: string): URL {
  const refuse = (why: string, instead: string): UsageError =>
    new UsageError(`${option} ${JSON.stringify(given)} ${why}; write for instance ${instead}`);
  const example = 'http://fairlead.example.com:9080';
  // `host:9080` would pass as a URL with the scheme `host:`.
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(given))
    throw refuse('has no http:// or https://', URL.canParse(`http://${given}`) ? `http://${given}` : example);
  if (!URL.canParse(given)) throw refuse('is not a URL', example);
  const url = new URL(given);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse('is neither http nor https, and Traefik polls nothing else', example);
  if (given.includes('?') || given.includes('#'))
    throw refuse('has a query or a fragment, which no Fairlead reads', `${url.origin}${url.pathname}`);
  return url;
}
