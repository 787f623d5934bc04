import { rules } from '../src/doctor/rules.ts';

/** `docs/doctor.md`: what `fairlead doctor` finds. */
export function toDoctorPage(notice: string): string {
  const rows = rules.map(({ code, finds, mend, needs }) => `| \`${code}\` | ${finds} | ${mend} | ${needs} |`);
  return `${notice}# fairlead doctor

\`\`\`sh host
fairlead doctor -c fairlead.yaml
fairlead doctor --traefik http://127.0.0.1:8080 --static /etc/traefik/traefik.yml
\`\`\`

It looks at the configuration, the objects, the clusters, this machine, and the Traefiks that \`--traefik\` or \`fleets[].api\` name, and says what is wrong, where, and
which command mends it. It changes nothing. Exit code 0: sound; 1: something was found; 2: it could not look. \`--output json\` is for programs; codes are stable.

- \`--traefik URL\`, several times: the API of a Traefik. A name that has several addresses, as that of a headless Service, stands for all of them.
- \`--static FILE\`, several times: a \`traefik.yml\`, a file of arguments, a manifest, or values of the official chart. The API of Traefik shows its entryPoints in every version, and
  from 3.3 on most of the rest; the URL that it asks stands in the file only.
- \`--server URL\`: the provider listener that Traefiks ask. Without it, and with a Traefik to look at, it is \`listen.provider\`.
- Rights are those of the account that the configuration names. To judge those of Fairlead, run it as Fairlead runs:
  \`kubectl exec deployment/fairlead --namespace fairlead-system -- /nodejs/bin/node /app/fairlead.mjs doctor --config /etc/fairlead/fairlead.yaml\`.
- Ports of this machine are compared where it runs: on the host of Traefik, as root, so that it sees whose they are.

The API of Traefik from 3.3 on shows the token of the provider to whoever reaches it (\`/api/support-dump\`), so it belongs on loopback or behind a NetworkPolicy. The doctor compares
that token with \`provider.tokens\` and never prints one.

| code | what it finds | how to mend it | what it needs |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
