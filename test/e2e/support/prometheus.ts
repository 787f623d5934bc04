import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import * as z from 'zod';
import { startChild } from './child.ts';
import { makeTempFolder } from './cleanup.ts';
import { eventually } from './eventually.ts';
import { findFreePort } from './local-address.ts';

/** Whether a Prometheus is on the PATH; a line on the console says what is skipped when it is not. */
export function findPrometheus(skipped: string): boolean {
  if (spawnSync('prometheus', ['--version']).status === 0) return true;
  if (process.env['FAIRLEAD_E2E'] === 'required')
    throw new Error('FAIRLEAD_E2E=required, and no prometheus on the PATH (Debian: prometheus)');
  console.log(`!!  SKIPPED: ${skipped}: no prometheus on the PATH (Debian: prometheus)`);
  return false;
}

const alertsSchema = z.object({
  data: z.object({
    alerts: z.array(z.object({ labels: z.record(z.string(), z.string()), state: z.string() })),
  }),
});
const vectorSchema = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

/** A real Prometheus that looks each second. */
export interface Prometheus {
  /** The names of the alerts that are pending, and of those that fire. */
  alerts(): Promise<Readonly<Record<'firing' | 'pending', readonly string[]>>>;
  /** The values of an instant query; throws when Prometheus does not take it. */
  query(expr: string): Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** @param target `host:port` of a metrics listener. */
export async function startPrometheus(target: string, rules: string): Promise<Prometheus> {
  const folder = makeTempFolder();
  const port = await findFreePort();
  const file = join(folder.path, 'prometheus.yml');
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [rules],
    scrape_configs: [{ job_name: 'fairlead', static_configs: [{ targets: [target] }] }],
  };
  writeFileSync(file, stringify(config));
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder.path, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = await startChild('prometheus', args, { cwd: folder.path });
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
  const query = async (expr: string): Promise<readonly number[]> => {
    const { data } = vectorSchema.parse(await read(`/api/v1/query?query=${encodeURIComponent(expr)}`));
    return data.result.map(({ value: [, text] }) => Number(text));
  };
  const stop = async (): Promise<void> => {
    await child.stop();
    folder.remove();
  };
  try {
    await eventually(
      'Prometheus has asked',
      30_000,
      async () => (await query('up')).includes(1),
      child.ended,
    );
  } catch (error) {
    await stop();
    throw new Error(child.logs().slice(-2_000), { cause: error });
  }
  return {
    query,
    async alerts() {
      const { alerts } = alertsSchema.parse(await read('/api/v1/alerts')).data;
      const inState = (state: string): readonly string[] =>
        alerts.filter((alert) => alert.state === state).map(({ labels }) => labels['alertname'] ?? '');
      return { firing: inState('firing'), pending: inState('pending') };
    },
    stop,
  };
}
