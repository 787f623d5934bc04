import { listPoolEntryPoints } from '../../traefik/static/pool-entry-points.ts';
import type { TraefikFacts } from '../facts.ts';
import type { Found, Rule } from '../finding.ts';
import { nameSome, nameSufferers, parseEntryPointAddress, toStaticCommand } from '../words.ts';

export const entryPointAddress: Rule = {
  code: 'entry-point-address',
  finds:
    'An entryPoint of the pool listens on another port or protocol than its own, or one has different ports on different Traefiks: clients of one address are refused.',
  mend: 'Start all Traefiks of a fleet with what `fairlead traefik` prints.',
  needs: 'a Traefik, or `--static`; two of one bank to compare',
  check: ({ traefiks, routes }) => {
    const wrong = traefiks.flatMap((traefik): Found[] => {
      const bad = listWrong(traefik);
      if (bad.length === 0) return [];
      const names = new Set(bad.map(({ name }) => name));
      const texts = bad.map(({ name, address }) => `${name} at ${address}`);
      const who = nameSufferers(routes, traefik.fleet.name, names);
      const message = `EntryPoints of the pool listen elsewhere than clients connect: ${nameSome(texts)}${who}`;
      return [{ where: traefik.name, message, mend: toStaticCommand(traefik) }];
    });
    return [...wrong, ...traefiks.flatMap((each, index) => compare(each, traefiks.slice(0, index)))];
  },
};

function listWrong({ fleet, bank, entryPoints }: TraefikFacts) {
  const expected = new Map(listPoolEntryPoints(fleet, bank).map((each) => [each.name, each]));
  return (entryPoints ?? []).filter(({ name, address }) => {
    const wanted = expected.get(name);
    const found = parseEntryPointAddress(address);
    return wanted !== undefined && (found?.port !== wanted.port || found.protocol !== wanted.protocol);
  });
}

/** With the first of those before it that is of the same bank. Each may listen on an IP address of its own. */
function compare(traefik: TraefikFacts, others: readonly TraefikFacts[]): readonly Found[] {
  const other = others.find(
    ({ fleet, bank, isFile }) =>
      fleet.name === traefik.fleet.name && bank === traefik.bank && isFile === traefik.isFile,
  );
  const known = new Map((other?.entryPoints ?? []).map(({ name, address }) => [name, toPort(address)]));
  const pool = new Set(listWrong(traefik).map(({ name }) => name));
  const { http, https } = traefik.fleet.entryPoints;
  const differing = (traefik.entryPoints ?? []).filter(
    ({ name, address }) =>
      [http, https].includes(name) &&
      !pool.has(name) &&
      known.has(name) &&
      known.get(name) !== toPort(address),
  );
  if (other === undefined || differing.length === 0) return [];
  const texts = differing.map(({ name, address }) => `${name} at ${address} and not ${known.get(name)}`);
  const message = `Its entryPoints listen on other ports than those of ${other.name}: ${nameSome(texts)}`;
  return [{ where: traefik.name, message, mend: toStaticCommand(traefik) }];
}

function toPort(address: string): string {
  const found = parseEntryPointAddress(address);
  return found === undefined ? address : `:${found.port}/${found.protocol}`;
}
