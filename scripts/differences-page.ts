import { features } from '../src/annotations/index.ts';
import { readDeclared, type DeclaredDifference } from '../test/e2e/support/differential/declared.ts';

const groups: Readonly<Record<DeclaredDifference['group'], string>> = {
  safer: 'Where the original is unsafe',
  better: 'Where the original is of no use to anybody',
  limit: "What Traefik's HTTP provider cannot express",
};
const names = { traefik: "Traefik's Kubernetes provider", 'ingress-nginx': 'ingress-nginx' } as const;

/** `docs/differences.md`, from what the differential suite declares and from what annotations say of themselves. */
export function toDifferencesPage(notice: string): string {
  const declared = readDeclared();
  const sections = Object.entries(groups).map(([group, title]) => {
    const entries = declared.filter((each) => each.group === group).map(toEntry);
    return `## ${title}\n\n${entries.join('\n')}`;
  });
  return `${notice}# Differences

With \`ingress.adopt\` Fairlead takes over the Ingresses of Traefik's own Kubernetes provider (\`dialect: traefik\`) and of ingress-nginx (\`dialect: nginx\`) as they are, and they
behave as before. This page lists the deliberate differences, with their reasons. \`fairlead migrate\` shows for each Ingress what will be different, and \`fairlead explain\` what is. Ingresses of
ingress-nginx are compared with Traefik's provider for ingress-nginx, which has the same annotations. A suite of tests sends the same requests through Traefik's
providers and through Fairlead. It fails for a difference that is not on this page, and for one on this page that no longer exists ([how](../CONTRIBUTING.md#beside-traefiks-own-providers)).

${sections.join('\n')}
## Annotations that differ in detail

${toAnnotationRows()}
`;
}

function toEntry({ title, reason, dialects }: DeclaredDifference): string {
  const from = dialects.map((dialect) => names[dialect]).join(', ');
  return `### ${title}\n\n${reason} Seen when you come from: ${from}.\n`;
}

function toAnnotationRows(): string {
  const all = features.flatMap(({ annotations }) => Object.values(annotations));
  const rows = all.flatMap(({ key, differs }) =>
    differs === undefined ? [] : `| \`${key}\` | ${differs} |`,
  );
  return `| annotation | what differs |\n| --- | --- |\n${rows.toSorted().join('\n')}`;
}
