import { countText, toProblem, type Problem } from '../model/problem.ts';
import type { Settled } from '../routes/intent.ts';
import { checkElement } from '../traefik/check-element.ts';
import { withoutUnknownFields } from '../traefik/versions.ts';
import type { RenderContext, Rendering } from './render-context.ts';
import type { FragmentsByBank } from './fleet-documents.ts';
import { toFragment, type Element, type Fragment } from './fragment.ts';

/** What became of one element, or of those of an intent. */
export interface Checked {
  readonly fragments: readonly Fragment[];
  readonly dropped: readonly string[];
  /** What is wrong with the first element that is not valid, or null. */
  readonly mistake: string | null;
}

/** What one object adds to the documents of one fleet, as it grows. */
export class Share {
  readonly context: Rendering;
  /** Intents for which there was no room any more. */
  readonly leftOut: Settled[] = [];
  #isFull = false;
  #bytes = 0;
  /** By bank, section and key. */
  readonly #fragments = new Map<number, Map<string, Fragment>>();
  /**
   * By value: routes of one object have their middlewares and services in common, of which one may be there several times, as where
   * an object moves to a Service that stands in for it as well.
   */
  readonly #checked = new Map<object, { readonly element: Element; readonly checked: Checked }>();

  constructor(context: RenderContext) {
    const { fleet, priorities, firstSource, mostBytes } = context;
    this.context = { fleet, priorities, firstSource, mostBytes, backends: new Map() };
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  toFragments(): FragmentsByBank {
    return new Map([...this.#fragments].map(([bank, fragments]) => [bank, [...fragments.values()]]));
  }

  /** Checks an element against the schema of its section, and makes it text. */
  check(element: Element): Checked {
    const known = this.#checked.get(element.value);
    if (known?.element.key === element.key && known.element.section === element.section) return known.checked;
    const checked = this.#toChecked(element);
    this.#checked.set(element.value, { element, checked });
    return checked;
  }

  /** Takes what is there because of others, and is not counted. */
  addFree(bank: number, fragments: readonly Fragment[]): void {
    if (fragments.length === 0) return;
    const known = this.#fragments.get(bank) ?? new Map<string, Fragment>();
    for (const fragment of fragments) known.set(`${fragment.section} ${fragment.key}`, fragment);
    this.#fragments.set(bank, known);
  }

  /** Takes the fragments of one intent for a bank; or none of them, and returns false: then, and for whatever comes after, there is no room. */
  add(bank: number, fragments: readonly Fragment[]): boolean {
    if (this.#isFull) return false;
    const known = this.#fragments.get(bank);
    const others = fragments.filter(({ section, key }) => known?.has(`${section} ${key}`) !== true);
    const bytes = others.reduce((sum, { member }) => sum + member.length, 0);
    this.#isFull = this.#bytes + bytes > this.context.mostBytes;
    if (this.#isFull) return false;
    this.#bytes += bytes;
    this.addFree(bank, fragments);
    return true;
  }

  describeRest(): readonly Problem[] {
    const [first] = this.leftOut;
    const { fleet, mostBytes } = this.context;
    if (first === undefined) return [];
    const message = `its share of the document of fleet ${fleet.name} is larger than ${countText(mostBytes)} bytes (limits.object.bytes); the last ${countText(this.leftOut.length)} of its routes and certificates are left out`;
    const hint = 'Divide the object, or ask the operators of the edge to raise the limit.';
    return [toProblem('too-large', first.owner.ref, { field: first.why.field, message, hint })];
  }

  #toChecked(element: Element): Checked {
    const { section, key, value } = element;
    const known = withoutUnknownFields(section, value, this.context.fleet.traefik);
    const dropped = known.dropped.map((field) => `${section}: ${field}`);
    const mistake = checkElement(section, known.value);
    return mistake === null
      ? { fragments: [toFragment(element, known.value)], dropped, mistake: null }
      : { fragments: [], dropped, mistake: `${section} ${key}: ${mistake}` };
  }
}
