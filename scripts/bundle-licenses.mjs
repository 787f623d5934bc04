import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the licences of bundled packages ask for: their texts, and the notices that some have beside them.
 * @param {Iterable<string>} inputs The paths of all that was bundled, from the root.
 * @returns {string} A text for people.
 */
export function toLicenses(root, inputs) {
  const folders = new Set([...inputs].map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]));
  folders.delete(undefined);
  const entries = [...folders].map((folder) => readPackage(join(root, folder)));
  const unique = new Map(entries.map((entry) => [`${entry.name} ${entry.version}`, entry]));
  const sorted = [...unique].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = 'Fairlead holds these packages, each with the licence that follows it.\n';
  return [head, ...sorted.map(([title, { license, texts }]) => toSection(title, license, texts))].join('\n');
}

function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  // It stands in package.json alone where a package has no file of it.
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (license === undefined && texts.length === 0) throw new Error(`${folder} says nothing of its licence`);
  const who = typeof author === 'object' ? author.name : author;
  return {
    name,
    version,
    license,
    texts: texts.length > 0 || who === undefined ? texts : [`Copyright ${who}`],
  };
}

function toSection(title, license, texts) {
  const line = '-'.repeat(80);
  return `${line}\n${title}${license === undefined ? '' : ` (${license})`}\n${line}\n\n${texts.join('\n\n')}\n`;
}
