import { commands } from '../src/cli/commands.ts';
import { toCommandHelp } from '../src/cli/help.ts';

/** `docs/commands.md`: every command as its `--help` says it. */
export function toCommandsPage(notice: string): string {
  const names = commands.map(({ spec: { name } }) => `[${name}](#fairlead-${name.replaceAll(' ', '-')})`);
  const sections = commands.map(
    ({ spec }) => `## fairlead ${spec.name}\n\n\`\`\`text\n${toCommandHelp(spec)}\`\`\`\n`,
  );
  return `${notice}# Commands

${names.join(', ')}.

More on [check](check.md), [diff and confirm](changes.md), [migrate](migrating.md), [doctor](doctor.md), [edge](edge.md), and on the [configuration](configuration.md) that they read.

Exit codes: 0 all is well, 1 problems found (each command says which), 2 wrong usage or configuration. \`serve\` and \`edge\` end with 0 after SIGTERM or Ctrl-C, and at once with 1 at the second. Results go to standard output, everything else to standard error, with one
line for each mistake. \`--output json\` is for programs; fields may be added in any release.

## What they read

- The folders in the call. Without folders, the configuration: \`-c FILE\`, \`FAIRLEAD_CONFIG\`, or \`./fairlead.yaml\`. Without a configuration, the examples that come with the program.
- \`--kubeconfig\` and \`--context\` work as in kubectl, with \`KUBECONFIG\` (several files joined by \`:\`) and \`~/.kube/config\`. With a configuration they replace the place of its one
  cluster, and nothing else. \`kubernetes: {}\` in a configuration means, outside of a pod, the cluster of \`KUBECONFIG\`.
- \`explain\` and \`ports\` without any of these ask the Fairlead at \`http://127.0.0.1:9081\`, if one answers. Otherwise they read the cluster of \`KUBECONFIG\`, if it is set. A line on
  standard error says so.
- \`explain\` and \`ports\` with \`--watch\` show their result again after each change: in place on a terminal, else one below the other, and as JSON one line each. They go on
  when the Fairlead that they ask restarts, and end with Ctrl-C.
- \`kubectl fairlead COMMAND\` is the same, with the cluster of kubectl by default. \`npm install --global\` puts it on the PATH.

## Shells and editors

\`\`\`sh
source <(fairlead completion bash)                                          # in ~/.bashrc
fairlead completion zsh > "\${fpath[1]}/_fairlead"
fairlead completion fish > ~/.config/fish/completions/fairlead.fish
\`\`\`

\`fairlead schema\` prints the JSON Schema of \`fairlead.yaml\`, which is also in [fairlead.schema.json](fairlead.schema.json). Editors with the YAML language server use it to complete fields and to mark
mistakes, if the first line of the file names the schema:

\`\`\`yaml
# yaml-language-server: $schema=./fairlead.schema.json
\`\`\`

${sections.join('\n')}`;
}
