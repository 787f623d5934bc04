import { bySeniority, type ObjectKey } from '../model/object-ref.ts';
import { toPlaceText, type HttpRoute, type Translation } from '../routes/intent.ts';
import { toHostText } from '../routes/match.ts';

/** A route among those that may match the same requests with the same precedence. */
interface Member {
  readonly unit: ObjectKey;
  /** Its place among the intents of its object. */
  readonly index: number;
  readonly route: HttpRoute;
}

interface Group {
  /** The elder object first, within one in its own order. */
  members: readonly Member[];
  /** By unit and index; absent since the last change. */
  positions: ReadonlyMap<string, number> | undefined;
}

/** What the priority of a router has room for. */
const highest = 2 ** 18 - 2;

/**
 * In which order those routes are asked that may match the same requests, where nothing in their matches says it: the elder object first,
 * then by name, within one object as they stand in it. Counted from the highest number down, so that a newcomer changes nobody's.
 * https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export class Ties {
  readonly #groups = new Map<string, Group>();
  readonly #groupsOf = new Map<ObjectKey, ReadonlySet<string>>();

  /** Puts the routes of an object in place of its former ones, and returns the objects whose order may have changed. */
  replace({ unit, intents }: Translation): ReadonlySet<ObjectKey> {
    const touched = new Set<ObjectKey>();
    const next = new Map<string, Member[]>();
    for (const [index, intent] of intents.entries()) {
      if (intent.kind !== 'http' || intent.tied === undefined) continue;
      const key = toGroupKey(intent);
      const members = next.get(key) ?? [];
      next.set(key, members);
      members.push({ unit, index, route: intent });
    }
    for (const key of this.#groupsOf.get(unit) ?? [])
      if (!next.has(key)) this.#replaceIn(key, unit, [], touched);
    for (const [key, members] of next) this.#replaceIn(key, unit, members, touched);
    if (next.size > 0) this.#groupsOf.set(unit, new Set(next.keys()));
    else this.#groupsOf.delete(unit);
    return touched;
  }

  /** The number of a route among those it is tied with: the higher is asked first. Undefined when it is tied with none. */
  find(unit: ObjectKey, index: number, route: HttpRoute): number | undefined {
    if (route.tied === undefined) return undefined;
    const group = this.#groups.get(toGroupKey(route));
    if (group === undefined) return undefined;
    group.positions ??= new Map(group.members.map((member, at) => [toText(member), at]));
    return Math.max(0, highest - (group.positions.get(toText({ unit, index })) ?? 0));
  }

  #replaceIn(key: string, unit: ObjectKey, own: readonly Member[], touched: Set<ObjectKey>): void {
    const former = this.#groups.get(key)?.members ?? [];
    const others = former.filter((member) => member.unit !== unit);
    const members = [...others, ...own];
    if (others.length > 0)
      members.sort((a, b) => bySeniority(a.route.owner, b.route.owner) || a.index - b.index);
    if (members.length > 0) this.#groups.set(key, { members, positions: undefined });
    else this.#groups.delete(key);
    // Those before the first that is another one keep their numbers.
    const changed = members.findIndex((member, at) => member !== former[at]);
    for (const member of changed < 0 ? [] : members.slice(changed)) touched.add(member.unit);
  }
}

function toText({ unit, index }: Pick<Member, 'index' | 'unit'>): string {
  return `${index} ${unit}`;
}

function toGroupKey({ fleet, place, match }: HttpRoute): string {
  const { host, path, method, headers = [], query = [] } = match;
  // Two regular expressions of one length may match the same path, two other paths do not.
  const where = path.type === 'Regex' ? path.value.length : path.value;
  const counts = `${method === undefined ? 0 : 1} ${headers.length} ${query.length}`;
  return `${fleet}|${place === undefined ? '' : toPlaceText(place)}|${toHostText(host)}|${path.type} ${where}\n${counts}`;
}
