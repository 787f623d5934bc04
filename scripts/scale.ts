/** `npm run scale`: the arithmetic of docs/scale.md, from what has been measured to how many of what a million Services take. */
import { scaleTables } from './scale-page.ts';

for (const [name, toTable] of Object.entries(scaleTables)) console.log(`${name}\n\n${toTable()}\n`);
