import type { Annotation } from '../src/annotations/feature.ts';
import { toMessage } from '../src/model/message.ts';
import { groupBy } from '../src/lib/group-by.ts';
import { features } from '../src/annotations/index.ts';
import { refusedAnnotations } from '../src/annotations/nginx/refused.ts';

type Entry = Annotation<unknown>;

const nginx = 'nginx.ingress.kubernetes.io/';

/** Whose words they are, by the beginning of their keys; and what is said below the table. */
const vocabularies = [
  { name: 'Fairlead', prefix: 'fairlead.dev/', more: '' },
  {
    name: 'ingress-nginx',
    prefix: nginx,
    more: `

With \`dialect: nginx\` (\`ingress.adopt\`) the defaults are those of ingress-nginx. Every host is also served over HTTPS, and an Ingress with \`spec.tls\` is redirected to HTTPS.
Backends get HTTP, whatever their ports are called. The timeouts for backends are 60 s. If an endpoint cannot be reached, up to two others are tried.

These annotations of ingress-nginx are not supported. Each is reported as a problem on its Ingress, unless its value asks for nothing, such as \`"false"\`. Those with a star limit access, and close the routes (503).

${toRefusedTable()}`,
  },
  { name: 'Traefik', prefix: 'traefik.ingress.kubernetes.io/', more: '' },
];

/** `docs/annotations.md`: all annotations at a glance, and then each by what it is about. */
export function toAnnotationsPage(notice: string): string {
  const entries = features.flatMap(listEntries);
  const tables = vocabularies.map(({ name, prefix, more }) => {
    const own = entries.filter(({ key }) => key.startsWith(prefix));
    return `## ${name}\n\nAll begin with \`${prefix}\`.\n\n${toTable(own, prefix)}${more}`;
  });
  const details = features
    .filter((feature) => listEntries(feature).length > 0)
    .map((feature) => `### ${feature.name}\n\n${listEntries(feature).map(toDetails).join('\n')}`);
  return `${notice}# Annotations

The annotations of Fairlead, and those of [ingress-nginx](#ingress-nginx) and [Traefik](#traefik) that it supports. [differences.md](differences.md) lists what differs from the originals.
[What holds for all](#what-holds-for-all) and [each annotation in detail](#details) come after the tables.

${tables.join('\n\n')}

## What holds for all

- Values are strings, so numbers and booleans go in quotes.
- An annotation that is unknown, malformed or not supported is a problem on its object (see [problems.md](problems.md)). It never breaks another object.
- If an Ingress and the Service behind it have the same annotation, that of the Ingress is used, also to switch something off. Access limits of both apply.
- If an object sets the same thing in two vocabularies, the annotation of Fairlead is used. The other one has no effect, which is a problem unless both say the same.
- Fairlead itself writes \`tcp.fairlead.dev/PORT\`, \`udp.fairlead.dev/PORT\` and \`fairlead.dev/addresses\` on Services of a cluster. They decide nothing, unless the ledger is lost: then it is rebuilt from
  them.

## Details

${details.join('\n')}`;
}

function listEntries({ annotations, portAnnotations }: (typeof features)[number]): readonly Entry[] {
  return [...Object.values(annotations), ...Object.values(portAnnotations)];
}

function toTable(entries: readonly Entry[], prefix: string): string {
  const rows = entries
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map((entry) => {
      const name = toName(entry);
      const link = `[\`${name.slice(prefix.length)}\`](#${toAnchor(name)})`;
      return `| ${[link, entry.on.join(', '), `\`${entry.example}\``, toFirstSentence(entry.doc)].map(toCell).join(' | ')} |`;
    });
  return ['| annotation | on | example | what it does |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** What follows a key that ends in a dot: a Service port, but for the domains of a resolver. */
function toName({ key }: Entry): string {
  if (key.endsWith('.domains.')) return `${key}N.main`;
  return key.endsWith('.') ? `${key}PORT` : key;
}

/** Those with the same reason share a row. */
function toRefusedTable(): string {
  const byReason = groupBy(refusedAnnotations, ([, { why, hint }]) => `${why} ${hint}`);
  const rows = [...byReason.values()].map((group) => {
    const names = group.map(
      ([key, { limits }]) => `\`${key.slice(nginx.length)}\`${limits === true ? '*' : ''}`,
    );
    const [[, { why, hint }] = ['', { why: '', hint: '' }]] = group;
    return `| ${[names.join(', '), `${toMessage(why)}.`, hint].map(toCell).join(' | ')} |`;
  });
  return ['| annotation | why | instead |', '| --- | --- | --- |', ...rows].join('\n');
}

/** As GitHub makes it of a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9_ -]/g, '')
    .replaceAll(' ', '-');
}

/** It ends before the beginning of the next one. */
function toFirstSentence(text: string): string {
  return /^.*?\.(?= [A-Z`])/.exec(text)?.[0] ?? text;
}

function toCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function toDetails(entry: Entry): string {
  const { on, value, example, doc, differs, whenInvalid } = entry;
  const consequence =
    whenInvalid !== 'use-default'
      ? 'A value that cannot be used closes the route (503) or the port, rather than leave it open.'
      : 'A value that cannot be used is reported, and the default applies.';
  return `#### \`${toName(entry)}\`\n\nOn ${on.join(' and ')}. Value: ${value}. Example: \`${example}\`.\n\n${doc} ${consequence}\n${
    differs === undefined ? '' : `\nDiffers: ${differs}\n`
  }`;
}
