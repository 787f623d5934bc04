import { rules } from '../src/doctor/rules.ts';

/** `docs/doctor.md`: what `fairlead doctor` finds. */
export function toDoctorPage(notice: string): string {
  const rows = rules.map(({ code, finds, mend, needs }) => `| \`${code}\` | ${finds} | ${mend} | ${needs} |`);
  return `${notice}# fairlead doctor

\`\`\`sh host
fairlead doctor -c fairlead.yaml
fairlead doctor --traefik http://127.0.0.1:8080 --static /etc/traefik/traefik.yml
\`\`\`

It checks the configuration, the objects, the clusters, this machine, and the Traefiks in \`--traefik\` or \`fleets[].api\`. It says what is wrong, where, and
how to mend it, and changes nothing. The exit code is 0 when all is sound, 1 when something was found, and 2 when it could not check. \`--output json\` is for programs; codes are stable.

- \`--traefik URL\`, may be repeated: the API of a Traefik. A name with several addresses, such as the name of a headless Service, stands for all of them.
- \`--static FILE\`, may be repeated: a \`traefik.yml\`, a file of arguments, a manifest, or values of the official chart. The API of Traefik shows its entryPoints in every version, and
  from 3.3 on most of the rest. Only the file has the URL that Traefik polls.
- \`--server URL\`: the provider listener that Traefiks poll. By default it is \`listen.provider\`, if there is a Traefik to check.
- Rights are those of the account in the configuration. To check the rights of Fairlead itself, run it in its pod:
  \`kubectl exec deployment/fairlead --namespace fairlead-system -- /nodejs/bin/node /app/fairlead.mjs doctor --config /etc/fairlead/fairlead.yaml\`.
- To check the ports of a host, run it on the host of Traefik, as root, so that it sees which process has them.

From 3.3 on, the API of Traefik shows the token of the provider to everybody who reaches it (\`/api/support-dump\`). So keep it on loopback or behind a NetworkPolicy. The doctor compares
this token with \`provider.tokens\`, and never prints one.

| code | what it finds | how to mend it | what it needs |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
