import { findBank } from '../model/bank.ts';
import { toProblem, type Problem } from '../model/problem.ts';
import type { Settings } from '../settings/settings.ts';
import { unavailable } from '../routes/backend.ts';
import type { Settled, SettledRoute, SniRoute } from '../routes/intent.ts';
import { toClosedPortElements, type RoutedPort } from './closed-ports.ts';
import { toHttpElements, toPortElements, toSharedElements } from './elements.ts';
import type { RenderContext, Rendering } from './render-context.ts';
import type { FragmentsByBank } from './fleet-documents.ts';
import type { Element, Fragment } from './fragment.ts';
import { Share, type Checked } from './share.ts';
import { toSniElements } from './sni-elements.ts';
import { joinName } from '../traefik/names.ts';

/** What one object adds to the documents of the fleets. */
export interface RenderedUnit {
  /** By fleet and bank. A fleet to which the object adds nothing is not in it. */
  readonly fragments: ReadonlyMap<string, FragmentsByBank>;
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
      {
        fleet,
        priorities: settings.ingress.priorities,
        firstSource,
        mostBytes: settings.limits.object.bytes,
      },
    ]),
  );
}

/** Traefik's elements for the intents of one object that stand. Nothing leaves here that Traefik would refuse to decode. */
export function renderUnit(contexts: RenderContexts, intents: readonly Settled[]): RenderedUnit {
  const problems: Problem[] = [];
  const routedPorts: RoutedPort[] = [];
  const shares = new Map<string, Share>();
  for (const intent of intents) {
    const context = contexts.get(intent.fleet);
    if (context === undefined) continue;
    const share = shares.get(intent.fleet) ?? new Share(context);
    shares.set(intent.fleet, share);
    const rendered = share.isFull ? [] : renderIntent(share, intent, problems);
    const isAdded = listBanks(context, intent, intents).every((bank) => share.add(bank, rendered));
    if (!isAdded) share.leftOut.push(intent);
    else if (intent.kind === 'http')
      share.addFree(0, checkElements(share, toSharedElements(context, intent)).fragments);
    else if (rendered.length > 0) routedPorts.push(...listPorts(intent));
  }
  for (const share of shares.values()) problems.push(...share.describeRest());
  return {
    fragments: new Map([...shares].map(([fleet, share]) => [fleet, share.toFragments()])),
    routedPorts,
    problems,
  };
}

/**
 * The banks whose Traefiks need an intent: all but pool ports is in bank 0, and a certificate wherever its object, or another one by its
 * listener, ends TLS on a pool port as well.
 */
function listBanks(context: RenderContext, intent: Settled, unit: readonly Settled[]): readonly number[] {
  if (intent.kind !== 'certificate') return [toBankOf(context, intent)];
  const ending = unit.filter(
    (each) => each.kind === 'sni' && each.fleet === intent.fleet && each.tls !== undefined,
  );
  const { ports = [] } = intent;
  return [
    ...new Set([
      0,
      ...ending.map((each) => toBankOf(context, each)),
      ...ports.map((port) => findBank(context.fleet, 'tcp', port)),
    ]),
  ];
}

function toBankOf({ fleet }: RenderContext, intent: Settled): number {
  const [routed] = listPorts(intent);
  return routed === undefined ? 0 : findBank(fleet, routed.protocol, routed.port);
}

/** The pool port that an intent is for, if it is for one. */
function listPorts(intent: Settled): readonly RoutedPort[] {
  if (intent.kind === 'port') return [{ fleet: intent.fleet, protocol: intent.protocol, port: intent.port }];
  if (intent.kind !== 'sni' || intent.port === undefined) return [];
  return [{ fleet: intent.fleet, protocol: 'tcp', port: intent.port }];
}

/** What closes the pool ports in a bank of a fleet that nothing else is for. */
export function renderClosedPorts(
  context: RenderContext,
  bank: number,
  routed: readonly RoutedPort[],
  imported: readonly RoutedPort[],
): readonly Fragment[] {
  return checkElements(new Share(context), toClosedPortElements(context, bank, routed, imported)).fragments;
}

/** The elements of an intent, in an order that follows from it alone. */
function toElements(context: Rendering, intent: Settled): readonly Element[] {
  switch (intent.kind) {
    case 'http':
      return toHttpElements(context, intent);
    case 'port':
      return toPortElements(context, intent);
    case 'sni':
      return toSniElements(context, intent);
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

function renderIntent(share: Share, intent: Settled, problems: Problem[]): readonly Fragment[] {
  const result = toFragments(share, intent);
  reportDropped(share.context, intent, result.dropped, problems);
  if (result.mistake === null) return result.fragments;
  const message = `what this object became is not valid for Traefik: ${result.mistake}`;
  problems.push(
    toProblem('internal-error', intent.owner.ref, {
      field: intent.why.field,
      message,
      hint: 'Please report it, with the object.',
    }),
  );
  if (intent.kind !== 'http' && intent.kind !== 'sni') return [];
  // Without its router the requests would fall through to a shorter rule: they get 503 instead, if that much is valid.
  const closed = intent.kind === 'http' ? toClosed(intent) : toClosedSni(intent);
  const instead = toFragments(share, closed);
  return instead.mistake === null ? instead.fragments : [];
}

function toClosed({ plain, secured, ...route }: SettledRoute): SettledRoute {
  return {
    ...route,
    filters: [],
    backend: unavailable,
    ...(plain && { plain: [] }),
    ...(secured && { secured: { ...secured, filters: [] } }),
  };
}

function toClosedSni(route: SniRoute): SniRoute {
  return { ...route, filters: [], backend: { kind: 'load-balancer', key: route.key, addresses: [] } };
}

/** A renderer that throws has a defect: it costs the object of the intent, and nobody else. */
function toFragments(share: Share, intent: Settled): Checked {
  try {
    return checkElements(share, toElements(share.context, intent));
  } catch (error) {
    return { fragments: [], dropped: [], mistake: error instanceof Error ? error.message : String(error) };
  }
}

function checkElements(share: Share, elements: readonly Element[]): Checked {
  const dropped: string[] = [];
  const fragments: Fragment[] = [];
  for (const element of elements) {
    const checked = share.check(element);
    dropped.push(...checked.dropped);
    if (checked.mistake !== null) return { fragments: [], dropped, mistake: checked.mistake };
    fragments.push(...checked.fragments);
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
