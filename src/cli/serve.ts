import { startHttp, type RunningHttp } from '../http/start-http.ts';
import { createLogger } from '../app/log.ts';
import { ControlPlane } from '../control-plane/control-plane.ts';
import { describeEmbedded } from '../settings/embedded.ts';
import { isConfigured } from '../settings/load-settings.ts';
import { readLogLevel } from '../settings/log-level.ts';
import type { Settings } from '../settings/settings.ts';
import { findSettingsWarnings } from '../settings/warnings.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from '../app/io.ts';
import { createLeaderTasks } from '../app/create-leader-tasks.ts';
import { createSources } from '../app/create-sources.ts';
import { findClusterMistakes } from '../app/find-cluster-mistakes.ts';
import { openLedger } from '../app/open-ledger.ts';
import { readSettings } from '../app/open-replay.ts';
import { toListenUrl } from './listen-url.ts';
import { toProviderUrl } from './provider-url.ts';
import { haveSeveralSources } from './several-sources.ts';
import * as sharedOptions from './shared-options.ts';

/** How long answers that are under way may take when the program stops. */
const deadlineMs = 5_000;

/** `fairlead serve`: the main job. Runs until it is told to stop. */
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
    const config = options.text('config');
    const settings = readSettings({ config, directories: [] }, io, findClusterMistakes);
    if (!isConfigured({ configPath: config, env: io.env, cwd: io.cwd }))
      io.err(`fairlead: ${describeEmbedded(settings)}\n`);
    const log = createLogger(readLogLevel(io.env));
    for (const warning of findSettingsWarnings(settings)) log.warn(warning);
    const made = createSources(settings, log);
    const ledger = await openLedger(settings, made, log, { readOnly: false });
    let http: RunningHttp | undefined;
    const plane = new ControlPlane({
      settings,
      sources: made.sources,
      ledger,
      log,
      cluster: createLeaderTasks(settings, made, log),
      rebuilt: (milliseconds) => http?.metrics.observeRebuild(milliseconds / 1_000),
    });
    try {
      await plane.start();
      http = await startHttp({ settings, published: plane.published, inspection: plane.inspection, log });
      // In a cluster the lines go to a collector that wants JSON, and nobody is there to read the rest.
      if (made.clusters.size === 0) announceWhenReady(plane, settings, http, io);
      await io.stopped;
      await http.stop(deadlineMs);
    } finally {
      await plane.stop();
    }
    return exitCodes.ok;
  },
};

/** What to do next, once there is something to do it with. */
function announceWhenReady(plane: ControlPlane, settings: Settings, http: RunningHttp, io: Io): void {
  const [fleet = ''] = plane.published.fleets;
  const announce = (): void => {
    if (plane.published.readiness().kind !== 'ready') return;
    unsubscribe();
    io.err(
      toAnnouncement(plane, {
        ...settings,
        listen: { ...settings.listen, provider: http.provider, admin: http.admin },
      }),
    );
  };
  const unsubscribe = plane.published.subscribe(fleet, announce);
  announce();
}

function toAnnouncement(plane: ControlPlane, settings: Settings): string {
  const admin = toListenUrl(settings.listen.admin, 'http');
  const held = plane.inspection.ports().ports.filter((row) => row.state === 'held');
  const several = haveSeveralSources(held);
  const problems = plane.inspection.problems().length;
  const urls = settings.fleets.map(
    (fleet) => `  ${fleet.name}: ${toProviderUrl(settings, fleet.name, undefined)}`,
  );
  const ports = held.slice(0, 20).map((row) => {
    const source = several ? ` (source ${row.source})` : '';
    return `  ${row.port}/${row.protocols.join('+')} -> ${row.holder} port ${row.servicePort}${source}`;
  });
  return [
    '',
    'Fairlead serves. Traefik polls:',
    ...urls,
    'Its matching static configuration:',
    '  fairlead traefik > traefik.yml   (from a checkout: node dist/fairlead.js traefik > traefik.yml)',
    `Pool ports held: ${held.length}`,
    ...ports,
    ...(held.length > ports.length ? [`  and ${held.length - ports.length} more: fairlead ports`] : []),
    `Problems: ${problems}${problems === 0 ? '' : ' (fairlead check)'}`,
    `To look inside: ${admin}/api/routes`,
    '',
    '',
  ].join('\n');
}
