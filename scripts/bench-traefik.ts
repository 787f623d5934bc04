/*
 * `npm run bench:traefik [-- SERVICESxENDPOINTS[/SHARDS]…]`: what one change of an endpoint costs a Traefik, by the size of the document and by the
 * settings of Go's collector. In a private network; each Traefik has the machine for itself.
 */
import { fileURLToPath } from 'node:url';
import { inPrivateNetwork } from './in-private-network.ts';
import { type GoSettings, type Shape, startBench } from './traefik-cost/measure.ts';

const args = process.argv.slice(2);
const shapes: readonly Shape[] = [
  { services: 1_000, endpoints: 10, shards: 1 },
  { services: 10_000, endpoints: 10, shards: 16 },
];
const collectors: readonly GoSettings[] = [
  { GOGC: '50' },
  { GOGC: '100' },
  { GOGC: '200' },
  { GOGC: '400' },
  { GOGC: '200', GOMEMLIMIT: '512MiB' },
  { GOGC: '400', GOMEMLIMIT: '512MiB' },
  { GOGC: '400', GOMEMLIMIT: '1GiB' },
];

/** Such as `10000x10/16`; undefined for what is none, such as `--default`. */
function toShape(text: string): Shape | undefined {
  const [, services, endpoints, shards = 1] = /^(\d+)x(\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (services === undefined) return undefined;
  return { services: Number(services), endpoints: Number(endpoints), shards: Number(shards) };
}

async function run(): Promise<void> {
  const wanted = args.flatMap((text) => toShape(text) ?? []);
  console.log(
    '| Services x endpoints | shards | document | GOGC | GOMEMLIMIT | CPU of one change | resident | peak |',
  );
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const shape of wanted.length > 0 ? wanted : shapes) {
    const bench = await startBench(shape);
    try {
      // Of sizes that were asked for only what the generated workloads have.
      for (const settings of wanted.length > 0 ? [{ GOGC: '200' }] : collectors) {
        const { bytes, cpu, resident, peak } = await bench.measure(settings);
        const cells = [
          `${shape.services.toLocaleString('en')} x ${shape.endpoints}`,
          shape.shards,
          `${(bytes / 1_000).toFixed(0)} kB`,
          settings['GOGC'],
          settings['GOMEMLIMIT'] ?? '-',
          `${cpu.toFixed(0)} ms`,
          `${resident} MB`,
          `${peak} MB`,
        ];
        console.log(`| ${cells.join(' | ')} |`);
      }
    } finally {
      await bench.stop();
    }
  }
}

process.exitCode = await inPrivateNetwork([fileURLToPath(import.meta.url), ...args], run);
