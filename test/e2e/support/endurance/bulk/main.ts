/* The process of `startBulk`: prints what came of it as one line of JSON. */
import { runBulk } from './run-bulk.ts';

const [seed = 1, changes = 1, seconds = 1, checks = 6] = process.argv.slice(2).map(Number);
console.log(JSON.stringify(await runBulk({ seed, changes, seconds, checks })));
