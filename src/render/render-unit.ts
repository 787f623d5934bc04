import { toProblem, type Problem } from '../model/problem.ts';
import type { Settings } from '../settings/settings.ts';
import { checkElement } from '../traefik/check-element.ts';
import { withoutUnknownFields } from '../traefik/versions.ts';
import { unavailable } from '../routes/backend.ts';
import type { Settled, SettledRoute } from '../routes/intent.ts';
import { toClosedPortElements, type RoutedPort } from './closed-ports.ts';
import { toHttpElements, toPortElements, type RenderContext } from './elements.ts';
import { toFragment, type Element, type Fragment } from './fragment.ts';
import { joinName } from '../traefik/names.ts';

/** What one object adds to the documents of the fleets. */
export interface RenderedUnit {
  /** By fleet. A fleet to which the object adds nothing is not in it. */
  readonly fragments: ReadonlyMap<string, readonly Fragment[]>;
  /** The pool ports that it has routers for. */
  readonly routedPorts: readonly RoutedPort[];
  readonly problems: readonly Problem[];
}

export type RenderContexts = ReadonlyMap<string, RenderContext>;

export function toRenderContexts(settings: Settings): RenderContexts {
  const firstSource = settings.sources[0]?.name ?? '';
  return new Map(
    settings.fleets.map((fleet) => [
      fleet.name,
      { fleet, priorities: settings.ingress.priorities, firstSource },
    ]),
  );
}

/** Traefik's elements for the intents of one object that stand. Nothing leaves here that Traefik would refuse to decode. */
export function renderUnit(contexts: RenderContexts, intents: readonly Settled[]): RenderedUnit {
  const fragments = new Map<string, Map<string, Fragment>>();
  const problems: Problem[] = [];
  const routedPorts: RoutedPort[] = [];
  for (const intent of intents) {
    const context = contexts.get(intent.fleet);
    if (context === undefined) continue;
    const rendered = renderIntent(context, intent, problems);
    if (intent.kind === 'port' && rendered.length > 0) routedPorts.push(intent);
    let ofFleet = fragments.get(intent.fleet);
    if (ofFleet === undefined) fragments.set(intent.fleet, (ofFleet = new Map()));
    for (const fragment of rendered) ofFleet.set(`${fragment.section} ${fragment.key}`, fragment);
  }
  return {
    fragments: new Map([...fragments].map(([fleet, byKey]) => [fleet, [...byKey.values()]])),
    routedPorts: routedPorts.map(({ fleet, protocol, port }) => ({ fleet, protocol, port })),
    problems,
  };
}

/** What closes the pool ports of a fleet that nothing else is for. */
export function renderClosedPorts(
  context: RenderContext,
  routed: readonly RoutedPort[],
): readonly Fragment[] {
  return checkElements(context, toClosedPortElements(context, routed)).fragments;
}

/** The elements of an intent, in an order that follows from it alone. */
function toElements(context: RenderContext, intent: Settled): readonly Element[] {
  switch (intent.kind) {
    case 'http':
      return toHttpElements(context, intent);
    case 'port':
      return toPortElements(context, intent);
    case 'certificate': {
      const { certFile, keyFile } = intent;
      return [{ section: 'tls.certificates', key: joinName(...intent.names), value: { certFile, keyFile } }];
    }
    case 'default-certificate': {
      const { certFile, keyFile } = intent;
      return [
        { section: 'tls.stores', key: 'default', value: { defaultCertificate: { certFile, keyFile } } },
      ];
    }
  }
}

function renderIntent(context: RenderContext, intent: Settled, problems: Problem[]): readonly Fragment[] {
  const result = toFragments(context, intent);
  reportDropped(context, intent, result.dropped, problems);
  if (result.mistake === null) return result.fragments;
  const message = `what this object became is not valid for Traefik: ${result.mistake}`;
  problems.push(
    toProblem('internal-error', intent.owner.ref, {
      field: intent.why.field,
      message,
      hint: 'Please report it, with the object.',
    }),
  );
  if (intent.kind !== 'http') return [];
  // Without its router the requests would fall through to a shorter rule: they get 503 instead, if that much is valid.
  const closed: SettledRoute = toClosed(intent);
  const instead = toFragments(context, closed);
  return instead.mistake === null ? instead.fragments : [];
}

function toClosed({ secured, ...route }: SettledRoute): SettledRoute {
  const empty = { ...route, filters: [], plain: [], backend: unavailable };
  return secured === undefined ? empty : { ...empty, secured: { ...secured, filters: [] } };
}

interface Checked {
  readonly fragments: readonly Fragment[];
  readonly dropped: readonly string[];
  /** What is wrong with the first element that is not valid, or null. */
  readonly mistake: string | null;
}

/** A renderer that throws has a defect: it costs the object of the intent, and nobody else. */
function toFragments(context: RenderContext, intent: Settled): Checked {
  try {
    return checkElements(context, toElements(context, intent));
  } catch (error) {
    return { fragments: [], dropped: [], mistake: error instanceof Error ? error.message : String(error) };
  }
}

function checkElements(context: RenderContext, elements: readonly Element[]): Checked {
  const dropped: string[] = [];
  const fragments: Fragment[] = [];
  for (const element of elements) {
    const { section, key, value } = element;
    const known = withoutUnknownFields(section, value, context.fleet.traefik);
    dropped.push(...known.dropped.map((field) => `${section}: ${field}`));
    const mistake = checkElement(section, known.value);
    if (mistake !== null) return { fragments: [], dropped, mistake: `${section} ${key}: ${mistake}` };
    fragments.push(toFragment(element, known.value));
  }
  return { fragments, dropped, mistake: null };
}

function reportDropped(
  { fleet }: RenderContext,
  intent: Settled,
  dropped: readonly string[],
  problems: Problem[],
): void {
  for (const field of dropped) {
    const { major, minor } = fleet.traefik;
    const message = `Traefik ${major}.${minor} of fleet ${fleet.name} does not know ${field}`;
    if (problems.some((problem) => problem.message === message)) continue;
    problems.push(
      toProblem('traefik-too-old', intent.owner.ref, {
        field: intent.why.field,
        message,
        hint: 'Update Traefik and fleets[].traefik, or remove the annotation.',
      }),
    );
  }
}
