/** `npm run docs`: writes the documents and samples that are generated from the code. */
import { writeFileSync } from 'node:fs';
import { toGeneratedFiles } from './generated-files.ts';

for (const [path, text] of toGeneratedFiles()) {
  writeFileSync(new URL(`../${path}`, import.meta.url), text);
  console.log(path);
}
