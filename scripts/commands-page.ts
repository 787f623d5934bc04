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

Exit codes: 0 all is well, 1 problems found, 2 wrong usage or configuration. Results go to standard output, what else is to be said to standard error, mistakes in one
line each. \`--output json\` is for programs; fields may be added in any release.

## What they read

- Folders that are named; else the configuration: \`-c FILE\`, \`FAIRLEAD_CONFIG\`, or \`./fairlead.yaml\`; else the examples that come with the program.
- \`--kubeconfig\` and \`--context\` are those of kubectl, with \`KUBECONFIG\` (several files joined by \`:\`) and \`~/.kube/config\`. With a configuration they say where its one
  cluster is, and all else stays. A cluster that it leaves to the pod (\`kubernetes: {}\`) is, outside of a pod, that of \`KUBECONFIG\`.
- \`explain\` and \`ports\` without all that ask a Fairlead at \`http://127.0.0.1:9081\`, if one answers, else they read the cluster of \`KUBECONFIG\`, if that is set. A line on
  standard error says so.
- \`explain\` and \`ports\` with \`--watch\` go on: they show it again after each change, in its place on a terminal, else one below the other; as JSON one line each. They outlive a
  Fairlead that is asked and restarts, and end with Ctrl-C.
- \`kubectl fairlead COMMAND\` is the same with the cluster of kubectl where nothing else is named. \`npm install --global\` puts it on the PATH.

## Shells and editors

\`\`\`sh
source <(fairlead completion bash)                                          # in ~/.bashrc
fairlead completion zsh > "\${fpath[1]}/_fairlead"
fairlead completion fish > ~/.config/fish/completions/fairlead.fish
\`\`\`

\`fairlead schema\` prints the JSON Schema of \`fairlead.yaml\`, which is also in [fairlead.schema.json](fairlead.schema.json). Editors with the YAML language server read it, complete fields and mark
mistakes, where the file begins with a line that says where it is:

\`\`\`yaml
# yaml-language-server: $schema=./fairlead.schema.json
\`\`\`

${sections.join('\n')}`;
}
