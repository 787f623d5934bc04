/*
 * `npm run bench:pollers [-- CLIENTS REPLICAS [burdened]]`: how long a change takes until the last of many pollers has it, and what that costs Fairlead, with
 * a document of 1 MB: 100 clients at one replica, the same beside clients that never read and connections that never end a request, and
 * 500 clients at two replicas; two Traefiks poll beside them. In a private network.
 */
import { fileURLToPath } from 'node:url';
import { inPrivateNetwork } from './in-private-network.ts';
import { measurePollers, type PollerFigures } from './pollers/measure.ts';
import type { Scene } from './pollers/scene.ts';

const args = process.argv.slice(2);
const size = { services: 2_000, endpoints: 10 };
const scenes: readonly Scene[] = [
  { size, replicas: 1, clients: 100, traefiks: 2, burdened: false },
  { size, replicas: 1, clients: 100, traefiks: 2, burdened: true },
  { size, replicas: 2, clients: 500, traefiks: 2, burdened: false },
];

function toMedian(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The median, and the most. */
function toSpread(values: readonly number[]): string {
  return `${toMedian(values).toFixed(0)} / ${Math.max(...values).toFixed(0)} ms`;
}

function toRow({ scene, bytes, changes, ...figures }: PollerFigures): string {
  const cells = [
    scene.clients,
    scene.replicas,
    scene.burdened ? 'yes' : 'no',
    `${(bytes / 1_000).toFixed(0)} kB`,
    toSpread(changes.map(({ middle }) => middle)),
    toSpread(changes.map(({ last }) => last)),
    toSpread(changes.map(({ applied }) => applied)),
    toSpread(changes.map(({ blocked }) => blocked)),
    `${figures.blockedIdle.toFixed(0)} ms`,
    `${figures.cpuIdle.toFixed(1)} %`,
    `${figures.cpuBusy.toFixed(1)} %`,
    `${figures.residentBefore.toFixed(0)} to ${Math.max(...changes.map(({ resident }) => resident)).toFixed(0)} MB`,
    figures.failedPolls.length,
  ];
  return `| ${cells.join(' | ')} |`;
}

async function run(): Promise<void> {
  const columns = [
    'clients',
    'replicas',
    'burdened',
    'document',
    'client in the middle has it: median / max',
    'last one',
    'last Traefik has applied it',
    'event loop blocked by a change',
    'by none',
    'CPU while nothing changes',
    'while much does',
    'resident',
    'failed polls',
  ];
  console.log(`| ${columns.join(' | ')} |\n|${' ---: |'.repeat(columns.length)}`);
  const [clients, replicas = 1] = args.map(Number);
  const wanted: readonly Scene[] =
    clients === undefined
      ? scenes
      : [{ size, replicas, clients, traefiks: 2, burdened: args.includes('burdened') }];
  for (const scene of wanted) {
    const figures = await measurePollers(scene);
    console.log(toRow(figures));
    for (const error of new Set(figures.failedPolls)) console.log(`A poll failed: ${error}`);
  }
}

process.exitCode = await inPrivateNetwork([fileURLToPath(import.meta.url), ...args], run);
