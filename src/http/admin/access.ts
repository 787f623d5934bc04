import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../../lib/loopback.ts';
import type { AdminSettings, ListenSettings } from '../../settings/settings.ts';
import { createTokenLookup, toBearerToken, type TokenLookup } from '../bearer.ts';
import { toClientKey } from '../client-key.ts';
import { isOwnName } from '../guard-request.ts';
import { PasswordChecks, type PasswordVerdict } from './password-checks.ts';
import type { View } from './view.ts';

/** The parts of a request that say who asks. */
export interface Caller {
  /** The other end of the connection. */
  readonly address: string;
  readonly headers: Pick<IncomingHttpHeaders, 'authorization' | 'host'>;
}

/** Whether a caller may look, and at what. `error` is one line for the caller. */
export type Admission =
  | { readonly kind: 'let-in'; readonly view: View }
  | { readonly kind: 'not-here'; readonly error: string }
  | { readonly kind: 'unknown'; readonly error: string; readonly challenges: readonly string[] }
  | { readonly kind: 'later'; readonly error: string; readonly seconds: number };

export interface AccessSettings {
  readonly admin: AdminSettings;
  readonly listen: Pick<ListenSettings, 'hosts'>;
}

/**
 * Decides who may look at the page and at `/api`: users and tokens where there are any, else whoever asks from this machine, for one of its
 * names, so that no web page can ask by a browser on it.
 */
export class Access {
  readonly #settings: AccessSettings;
  readonly #checks: PasswordChecks;
  readonly #findToken: TokenLookup<View>;

  /** @param checks Those of the settings before: what is known stays known. */
  constructor(settings: AccessSettings, checks = new PasswordChecks()) {
    this.#settings = settings;
    this.#checks = checks;
    this.#findToken = createTokenLookup(
      settings.admin.tokens.map(({ token, namespaces }) => [token, { namespaces }]),
    );
  }

  async admit(caller: Caller): Promise<Admission> {
    const { users, tokens } = this.#settings.admin;
    if (users.length + tokens.length === 0) return this.#admitLocal(caller);
    const { authorization } = caller.headers;
    const byToken = this.#findToken(toBearerToken(authorization));
    if (byToken !== undefined) return { kind: 'let-in', view: byToken };
    const basic = parseBasic(authorization);
    return basic === undefined ? this.#challenge() : this.#admitByPassword(basic, caller);
  }

  #admitLocal({ address, headers: { host } }: Caller): Admission {
    const isHere = isLoopback(address.replace(/^::ffff:/i, ''));
    if (isHere && (host === undefined || isOwnName(host, this.#settings.listen.hosts)))
      return { kind: 'let-in', view: { namespaces: 'all' } };
    const error =
      'the page and /api answer on this machine only, asked for by a name of it; set admin.users or admin.tokens to let others look';
    return { kind: 'not-here', error };
  }

  async #admitByPassword({ name, password }: Basic, { address }: Caller): Promise<Admission> {
    // A browser can send a token in this way only.
    const byToken = this.#findToken(password);
    if (byToken !== undefined) return { kind: 'let-in', view: byToken };
    const { users } = this.#settings.admin;
    const user = users.find((each) => each.name === name);
    // Whether there is such a user must not show in the time that the answer takes.
    const compared = user ?? users[0];
    if (compared === undefined) return this.#challenge();
    const { passwordHash: hash, namespaces } = compared;
    const verdict = await this.#checks.check({ password, hash, client: toClientKey(address) });
    return user === undefined && verdict.kind === 'right'
      ? this.#challenge()
      : this.#toAdmission(verdict, { namespaces });
  }

  #toAdmission(verdict: PasswordVerdict, view: View): Admission {
    switch (verdict.kind) {
      case 'right':
        return { kind: 'let-in', view };
      case 'wrong':
        return this.#challenge();
      case 'later':
        return { kind: 'later', error: 'too many passwords are tried', seconds: verdict.seconds };
    }
  }

  #challenge(): Admission {
    const error = 'a user or token of the section admin is needed';
    const challenges = ['Basic realm="fairlead", charset="UTF-8"', 'Bearer realm="fairlead"'];
    return { kind: 'unknown', error, challenges };
  }
}

interface Basic {
  readonly name: string;
  readonly password: string;
}

/** Longer ones are nobody's: they would only cost time. */
const mostPassword = 1_000;

/** HTTP Basic (RFC 7617), in UTF-8. */
function parseBasic(authorization: string | undefined): Basic | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0 || text.length - colon > mostPassword) return undefined;
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
}
