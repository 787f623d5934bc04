import type { Logger } from 'pino';
import { formatAddress } from '../http/listen-error.ts';
import { createCounters } from '../http/admin/counters.ts';
import { startHttp, type RunningHttp } from '../http/start-http.ts';
import { createLogger } from '../app/log.ts';
import { ControlPlane } from '../control-plane/control-plane.ts';
import { describeEmbedded } from '../settings/embedded.ts';
import { findConfigFile, isConfigured } from '../settings/load-settings.ts';
import { withImported } from '../traefik/static/with-imported.ts';
import type { Settings } from '../settings/settings.ts';
import { findSettingsWarnings } from '../settings/warnings.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from '../app/io.ts';
import { createEdgeDocuments } from '../edge/edge-documents.ts';
import { createLeaderTasks } from '../app/create-leader-tasks.ts';
import { createSources } from '../app/create-sources.ts';
import { findClusterMistakes } from '../app/find-cluster-mistakes.ts';
import { openGuardBoard } from '../app/open-guard-board.ts';
import { openHealthBoard } from '../app/open-health-board.ts';
import { openLedger } from '../app/open-ledger.ts';
import { readSettings } from '../app/read-settings.ts';
import { Reloader } from '../app/reloader.ts';
import { toListenUrl } from './listen-url.ts';
import { toProviderUrl } from './provider-url.ts';
import { collectGarbage } from '../lib/collect-garbage.ts';
import { toTargetText } from '../model/target-text.ts';
import { haveSeveralSources } from './several-sources.ts';
import * as sharedOptions from './shared-options.ts';

/** How long answers that are under way may take when the program stops. */
const deadlineMs = 5_000;
/** How long after the first answer, which all Traefiks fetch then, the memory of the start is given back. */
const settleMs = 1_000;

/** `fairlead serve`: the main job. Runs until it is asked to stop. */
export const serve: Command = {
  spec: {
    name: 'serve',
    summary: 'Serve the configuration to Traefik; without a configuration file, that of ./examples',
    options: {
      config: sharedOptions.config,
    },
    examples: ['fairlead serve', 'fairlead serve -c fairlead.yaml'],
  },
  async run({ options }, io) {
    const request = { configPath: options.text('config'), env: io.env, cwd: io.cwd };
    const load = (): Settings =>
      readSettings({ config: request.configPath, directories: [] }, io, findClusterMistakes);
    const settings = load();
    const file = findConfigFile(request);
    if (!isConfigured(request)) io.err(`fairlead: ${describeEmbedded(settings)}\n`);
    const log = createLogger(settings.log, io);
    await runUntilStopped({ settings, file, named: request.configPath, load, log, io });
    log.info('stopped');
    return exitCodes.ok;
  },
};

interface Run {
  readonly settings: Settings;
  readonly file: string | undefined;
  /** As `-c` names it. */
  readonly named: string | undefined;
  readonly load: () => Settings;
  readonly log: Logger;
  readonly io: Io;
}

async function runUntilStopped(run: Run): Promise<void> {
  const { settings, log, io } = run;
  const counters = createCounters();
  const made = createSources(settings, log, { observer: counters });
  const ledger = await openLedger(settings, made, log, { readOnly: false });
  // Not before: a ledger that cannot be used is one line for the user, and nothing else.
  log.info({ version: io.version, configuration: run.file ?? 'none', ...describe(settings) }, 'starting');
  for (const warning of findSettingsWarnings(settings)) log.warn(warning);
  let http: RunningHttp | undefined;
  let current = settings;
  const reloader = new Reloader({
    ...run,
    apply: (next) => {
      // All but what `http` takes over stays as it was at the start.
      current = { ...settings, provider: next.provider };
      http?.reload(next);
    },
  });
  io.onHangup(() => reloader.reload());
  const cluster = createLeaderTasks(settings, made, log, counters);
  const plane = new ControlPlane({
    settings,
    sources: made.sources,
    ledger,
    healthBoard: openHealthBoard(settings, made, log),
    guardBoard: openGuardBoard(settings, made, log),
    log,
    cluster,
    besides: () => reloader.problems,
    observer: counters,
  });
  const { inspection, listing } = plane;
  try {
    await plane.start();
    const isLeader = (): boolean => cluster?.leader.isLeader ?? true;
    const { published } = plane;
    const edge = createEdgeDocuments(() => {
      const fleets = current.fleets.map((fleet) => withImported(fleet, plane.inspection.importedNumbers()));
      return { ...current, fleets };
    }, plane.banks);
    http = await startHttp({
      settings,
      published,
      inspection,
      listing,
      edge,
      edgeReported: (...report) => plane.traefiks.reported(...report),
      confirm: (source) => plane.confirm(source),
      version: io.version,
      isLeader,
      counters,
      log,
    });
    const bound = { ...settings, listen: { ...settings.listen, provider: http.provider, admin: http.admin } };
    whenReady(plane, () => {
      // What was read and worked out for the first answer has left two or three times as much behind as is kept.
      const settling = setTimeout(collectGarbage, settleMs);
      settling.unref();
      log.info({ problems: inspection.problems().length }, 'ready');
      // In a cluster the lines go to a collector, and nobody is there to read the rest.
      if (made.clusters.size === 0) io.err(toAnnouncement(plane, bound, run.named));
    });
    await io.stopped;
    log.info('stopping');
    await http.stop(deadlineMs);
  } finally {
    reloader.stop();
    await plane.stop();
  }
}

/** What a start is about, for the first line of the log. */
function describe({ listen, sources, fleets }: Settings): Record<string, unknown> {
  return {
    provider: formatAddress(listen.provider),
    admin: formatAddress(listen.admin),
    sources: sources.map(
      (source) => `${source.name} (${'directory' in source ? source.directory.path : 'cluster'})`,
    ),
    fleets: fleets.map(({ name }) => name),
  };
}

/** Calls once: now, or when there is a first answer. */
function whenReady({ published }: ControlPlane, ready: () => void): void {
  let unsubscribe: (() => void) | undefined;
  const look = (): void => {
    if (published.readiness().kind !== 'ready') return;
    unsubscribe?.();
    ready();
  };
  unsubscribe = published.subscribe(published.fleets[0] ?? '', look);
  look();
}

/** What to do next, once there is something to do it with. */
function toAnnouncement(plane: ControlPlane, settings: Settings, file: string | undefined): string {
  const admin = toListenUrl(settings.listen.admin, 'http');
  const held = plane.inspection.ports().ports.filter((row) => row.state === 'held');
  const several = haveSeveralSources(held);
  const problems = plane.inspection.problems().length;
  const urls = settings.fleets.map(
    (fleet) => `  ${fleet.name}: ${toProviderUrl(settings, fleet.name, undefined)}`,
  );
  const ports = held.slice(0, 20).map((row) => {
    const source = several ? ` (source ${row.source})` : '';
    return `  ${row.port}/${row.protocols.join('+')} -> ${row.holder} ${toTargetText(row)}${source}`;
  });
  const command = `traefik${file === undefined ? '' : ` -c ${file}`} > traefik.yml`;
  return [
    '',
    'Fairlead serves. Traefik polls:',
    ...urls,
    'Its matching static configuration:',
    `  fairlead ${command}   (from a checkout: node dist/fairlead.js ${command})`,
    `Pool ports held: ${held.length}`,
    ...ports,
    ...(held.length > ports.length ? [`  and ${held.length - ports.length} more: fairlead ports`] : []),
    `Problems: ${problems}${problems === 0 ? '' : ' (fairlead check)'}`,
    `To look inside: ${admin}/ (a page for browsers)`,
    '',
    '',
  ].join('\n');
}
