import { compareText, toFleetKey, toObjectKey, type ObjectKey, type ObjectRef } from '../model/object-ref.ts';
import type { DatedCertificate } from '../certificates/expiry.ts';
import type { FailingEndpoints, HealthCheck } from '../model/health.ts';
import type { ImportedNumber, ImportedPort } from '../model/imported-port.ts';
import type { LedgerState, PortClaim } from '../model/ports.ts';
import type { Problem, Subject } from '../model/problem.ts';
import { boundProblems } from '../model/problem-list.ts';
import type { Change, View } from '../model/snapshot.ts';
import { noneUnread, type UnreadBySource } from '../model/unread-kinds.ts';
import { kinds, isAnnotatedEndpoints, isRouted } from '../kinds/index.ts';
import { RouteBudget } from '../conflicts/route-budget.ts';
import { Claims } from '../conflicts/settle.ts';
import { toDocumentName, type DocumentName } from '../model/document-name.ts';
import { renderUnit, toRenderContexts, type RenderContexts } from '../render/render-unit.ts';
import type { FleetSettings, Settings } from '../settings/settings.ts';
import { ObjectStore, type Dependency } from '../source/object-store.ts';
import { toTranslateContext } from '../translate/context.ts';
import { toEmptyTranslation, type Translation } from '../routes/intent.ts';
import type { ListenerKey, StatusFacts } from '../routes/status.ts';
import { ActiveUnits } from './active-units.ts';
import { AnnotationEffects } from './annotation-effects.ts';
import { DatedCertificates } from './dated-certificates.ts';
import { Health } from './health.ts';
import { ClosedPorts } from './closed-ports.ts';
import { HeldByHolder } from './held-by-holder.ts';
import { Imports } from './imports.ts';
import { AttachedRoutes } from './attached-routes.ts';
import { Documents } from './documents.ts';
import { Gateways } from './gateways.ts';
import { isSameList } from './is-same-list.ts';
import { toReasons } from './reasons.ts';
import { portsOf, trackView, unreadOf } from './tracking-view.ts';
import { Translations } from './translations.ts';
import { UnitLists } from './unit-lists.ts';
import { UnknownNames } from './unknown-names.ts';

/** What an update came to. */
export interface Outcome {
  /** The objects, lists of slices and port holders that have changed. */
  readonly touched: ReadonlySet<Dependency>;
  /** The objects that were looked at again; among them those that are gone. */
  readonly units: ReadonlySet<ObjectKey>;
  /** Those that may have changed. */
  readonly documents: ReadonlySet<DocumentName>;
  readonly claimsChanged: boolean;
  readonly problemsChanged: boolean;
}

/**
 * From objects and ledger to documents: the whole data flow in one place. It does no I/O and knows no clock; what it holds
 * is a cache of a pure function, and a pipeline fed all at once gives the same documents as one fed change by change.
 */
export class Pipeline {
  readonly store = new ObjectStore();
  readonly #settings: Settings;
  readonly gateways: Gateways;
  readonly #translations: Translations;
  readonly #attached = new AttachedRoutes();
  readonly #claims: Claims;
  readonly budget: RouteBudget;
  readonly #effects = new AnnotationEffects((key) => this.store.get(key)?.meta.ref);
  readonly #contexts: RenderContexts;
  readonly documents: Documents;
  /** Units like the objects, looked at by every first update. */
  readonly #fleets: ReadonlyMap<ObjectKey, FleetSettings>;
  readonly #certificates = new DatedCertificates();
  readonly #health = new Health();
  readonly #portClaims = new UnitLists<PortClaim>();
  readonly #problems = new UnitLists<Problem>();
  readonly #active = new ActiveUnits();
  readonly #closed: ClosedPorts;
  readonly #unknown: UnknownNames;
  readonly #held = new HeldByHolder();
  #unread = noneUnread;
  readonly #imports: Imports;

  constructor(settings: Settings) {
    this.#settings = settings;
    const context = toTranslateContext(settings);
    this.gateways = new Gateways(context);
    this.#translations = new Translations(context, (parent) => this.gateways.find(parent));
    this.#imports = new Imports(settings);
    this.#claims = new Claims(settings.ingress);
    const { limits } = settings;
    this.budget = new RouteBudget({ namespace: limits.namespace.routes, fleet: limits.fleet.routes });
    this.#contexts = toRenderContexts(settings);
    this.#closed = new ClosedPorts(this.#contexts);
    this.#fleets = new Map(settings.fleets.map((fleet) => [toFleetKey(fleet.name), fleet]));
    this.documents = new Documents(settings);
    this.#unknown = new UnknownNames(settings.fleets);
    for (const fleet of this.#unknown.fleets) this.#closeUnknown(fleet);
  }

  get ledger(): LedgerState {
    return this.#held.ledger;
  }

  /** Takes over changes of objects and, when given, the new state of the ledger. Costs what the changes touch. */
  update(
    changes: readonly Change[],
    ledger: LedgerState = this.#held.ledger,
    failing: FailingEndpoints = this.#health.failing,
    unread: UnreadBySource = this.#unread,
  ): Outcome {
    const applied = this.store.apply(changes);
    const touched = new Set<Dependency>([
      ...applied.touched,
      ...this.#held.take(ledger),
      ...this.#health.take(failing),
      ...this.#takeUnread(unread),
    ]);
    const importProblems = this.#imports.problems;
    for (const dependency of this.#imports.update(this.store, touched)) touched.add(dependency);
    for (const dependency of this.gateways.update(this.store, changes, touched, this.#look))
      touched.add(dependency);
    const dirty = new Set<ObjectKey>(this.#translations.dependentsOf(touched));
    for (const unit of this.#fleets.keys()) if (this.#translations.get(unit) === undefined) dirty.add(unit);
    for (const key of applied.keys) {
      const object = this.store.get(key);
      if (object !== undefined && (isRouted(object) || isAnnotatedEndpoints(object))) dirty.add(key);
    }
    const documents = new Set<DocumentName>();
    const outcome = { touched, units: dirty, documents, claimsChanged: false, problemsChanged: false };
    // In order of the keys: a first build then only ever appends to the sorted tables.
    const units = [...dirty].sort(compareText);
    for (const unit of units) if (this.#translate(unit, dirty)) outcome.claimsChanged = true;
    const standing = new Map<ObjectKey, Translation>();
    const active = units.filter((unit) => !this.#active.isIdle(unit, this.#translations.get(unit)));
    for (const unit of [...active, ...this.budget.settle()]) standing.set(unit, this.#standing(unit));
    const others = new Set<ObjectKey>();
    for (const translation of standing.values())
      for (const other of this.#claims.replace(translation)) others.add(other);
    for (const unit of others) if (!standing.has(unit)) standing.set(unit, this.#standing(unit));
    const judged = new Set<ObjectKey>();
    for (const translation of standing.values())
      if (this.#render(translation, documents, judged)) outcome.problemsChanged = true;
    for (const object of judged) if (this.#effects.judge(object)) outcome.problemsChanged = true;
    if (!isSameList(importProblems, this.#imports.problems)) outcome.problemsChanged = true;
    this.#closed.import(this.#imports.takeLedger(ledger));
    for (const { fleet, bank, fragments } of this.#closed.takeDue())
      if (this.documents.replaceIn(fleet, bank, 'closed ports', fragments))
        documents.add(toDocumentName(fleet, bank));
    return outcome;
  }

  /** The dynamic configuration of a bank of a fleet: `{}` only when there really is nothing. */
  toBody(fleet: string, bank = 0): Buffer {
    return Buffer.concat(this.toPieces(fleet, bank));
  }

  /** The same in pieces, in order, for whoever has something to add. */
  toPieces(fleet: string, bank = 0): readonly Buffer[] {
    return this.documents.toPieces(fleet, bank);
  }

  /** The numbers that fleets need entryPoints for besides those of their pools. The very list of the last call while they are the same. */
  importedNumbers(): readonly ImportedNumber[] {
    return this.#imports.numbers;
  }

  /** The ports that imports give to a Service. */
  importedPortsOf(service: ObjectRef): readonly ImportedPort[] {
    return this.#imports.byService.get(toObjectKey(service)) ?? [];
  }

  portClaims(): readonly PortClaim[] {
    return this.#portClaims.all();
  }

  /** The pool ports that routes lead on, which their listeners hold. The very map of the last call while it is the same. */
  ledPorts(): ClosedPorts['led'] {
    return this.#closed.led;
  }

  /** The objects whose ports a holder has: itself, or those that share one under its name. */
  portUsersOf(holder: ObjectKey): readonly ObjectKey[] {
    return [...this.#translations.dependentsOf(new Set([portsOf(holder)]))];
  }

  portClaimsOf(unit: ObjectKey): readonly PortClaim[] {
    return this.#portClaims.of(unit);
  }

  /** What the status of an object is to say, of kinds that have one that is answered. */
  statusOf(unit: ObjectKey): StatusFacts | undefined {
    return this.#translations.get(unit)?.status;
  }

  /** How many routes a listener of a Gateway or a ListenerSet has accepted. */
  attachedRoutes(listener: ListenerKey): number {
    return this.#attached.of(listener);
  }

  /** The certificates in use: how long they hold is judged where there is a clock. The very list of the last call while they are the same. */
  certificates(): readonly DatedCertificate[] {
    return this.#certificates.all;
  }

  /** What Fairlead is to check. The very list of the last call while it is the same. */
  healthChecks(): readonly HealthCheck[] {
    return this.#health.all;
  }

  problems(): readonly Problem[] {
    return [...this.#problems.all(), ...this.#effects.problems(), ...this.#imports.problems];
  }

  problemsOf(unit: ObjectKey): readonly Problem[] {
    return [...this.#problems.of(unit), ...this.#effects.problemsOf(unit)];
  }

  /** Leaves out that an object stands twice where nothing that is served depends on it. */
  withoutIdleDuplicates(problems: readonly Problem[]): readonly Problem[] {
    return problems.filter(({ code, subject }) => code !== 'object-duplicate' || this.#decides(subject));
  }

  /** Why there is each of the routers of an object. */
  reasonsOf(unit: ObjectKey): ReturnType<typeof toReasons> {
    const { intents } = this.#claims.settle(this.#standing(unit));
    return toReasons(this.#contexts, intents, this.store, (object) => this.#translations.get(object)?.asked);
  }

  /** The fleets that serve an object. */
  fleetsOf(unit: ObjectKey): readonly string[] {
    return this.#translations.get(unit)?.fleets ?? [];
  }

  /** Whether an object is routed, or was looked up for one that is. */
  #decides(subject: Subject): boolean {
    const unit = toObjectKey(subject);
    const object = this.store.get(unit);
    const keys = object === undefined ? [] : kinds[object.kind].toIndexKeys(object);
    const dependents = this.#translations.dependentsOf(new Set<Dependency>([unit, ...keys]));
    const isLookedUp = [...dependents].some((each) => each !== unit);
    const isRoutedItself = [...this.documents.of(unit).values()].some((fragments) => fragments.length > 0);
    return (
      isLookedUp || isRoutedItself || this.portClaimsOf(unit).length > 0 || this.problemsOf(unit).length > 0
    );
  }

  #takeUnread(unread: UnreadBySource): readonly Dependency[] {
    const former = this.#unread;
    this.#unread = unread;
    return former === unread ? [] : [...former.keys(), ...unread.keys()].map(unreadOf);
  }

  /** Returns whether the object asks for other pool ports than before; adds the Gateways that have more or fewer routes to `units`. */
  #translate(unit: ObjectKey, units: Set<ObjectKey>): boolean {
    const translation = this.#toTranslation(unit);
    for (const parent of this.#attached.replace(unit, translation.status)) units.add(parent);
    this.#certificates.replace(unit, translation);
    this.#health.replace(unit, translation.intents);
    this.budget.replace(translation);
    return this.#portClaims.replace(unit, translation.portClaims);
  }

  readonly #look = (seen: Set<Dependency>): View =>
    trackView(this.store, this.#held.all, seen, {
      failing: this.#health.failing,
      imports: this.#imports.byService,
      unread: this.#unread,
    });

  #toTranslation(unit: ObjectKey): Translation {
    const fleet = this.#fleets.get(unit);
    if (fleet !== undefined) return this.#translations.translateFleet(fleet, this.#look);
    const object = this.store.get(unit);
    if (object !== undefined) return this.#translations.translate(unit, object, this.#look);
    this.#translations.forget(unit);
    return toEmptyTranslation(unit);
  }

  /** What an object comes to within the limits of its namespace and its fleets. */
  #standing(unit: ObjectKey): Translation {
    return this.budget.stand(this.#translations.get(unit) ?? toEmptyTranslation(unit));
  }

  /** Returns whether the problems of the object changed; adds those of which it carries more or less annotations to `judged`. */
  #render(translation: Translation, changed: Set<DocumentName>, judged: Set<ObjectKey>): boolean {
    const { unit } = translation;
    const settled = this.#claims.settle(translation);
    const rendered = renderUnit(this.#contexts, settled.intents);
    for (const object of this.#effects.replace(unit, translation.asked, settled.uses)) judged.add(object);
    this.documents.replace(unit, rendered.fragments, changed);
    this.#closed.replace(unit, rendered.routedPorts);
    for (const fleet of this.#unknown.replace(unit, settled.intents))
      if (this.#closeUnknown(fleet)) changed.add(toDocumentName(fleet, 0));
    const problems = boundProblems([
      ...translation.problems,
      ...this.budget.problemsOf(unit),
      ...settled.problems,
      ...rendered.problems,
    ]);
    return this.#problems.replace(unit, problems);
  }

  #closeUnknown(fleet: string): boolean {
    return this.documents.replaceIn(fleet, 0, 'unknown names', this.#unknown.toFragments(fleet));
  }

  get settings(): Settings {
    return this.#settings;
  }
}
