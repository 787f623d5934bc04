import { programs, quote, type CommandCompletion, type OptionCompletion, type Place } from './completions.ts';

/** The completion for zsh, for a folder of `$fpath` or to be sourced. */
export function toZshCompletion(commands: readonly CommandCompletion[]): string {
  const firsts = [...new Set(commands.map(({ words: [first] }) => first))];
  return `#compdef ${programs.join(' ')}
# Completion of fairlead for zsh: fairlead completion zsh > "\${fpath[1]}/_fairlead"
_fairlead_fleets() { compadd -- \${(f)"$($service completion fleets 2>/dev/null)"}; }
_fairlead() {
  local -a names
  if ((CURRENT == 2)); then
    names=(
${firsts.map((first) => `      ${toDescription(first, commands)}\n`).join('')}    )
    _describe command names
    return
  fi
  case $words[2] in
${firsts.map((first) => toFirst(first, commands)).join('')}  esac
}
if [[ $funcstack[1] == _fairlead ]]; then _fairlead "$@"; else compdef _fairlead ${programs.join(' ')}; fi
`;
}

function toDescription(first: string, commands: readonly CommandCompletion[]): string {
  const group = commands.filter(({ words }) => words[0] === first);
  const says =
    group.length === 1 && group[0] ? group[0].summary : group.map(({ words }) => words[1]).join(', ');
  return quote(`${first}:${says}`);
}

function toFirst(first: string, commands: readonly CommandCompletion[]): string {
  const group = commands.filter(({ words }) => words[0] === first);
  const [only] = group;
  if (only !== undefined && only.words[1] === undefined)
    return `    ${first})\n${toCommand(only, 1)}      ;;\n`;
  const seconds = group.map(({ words: [, second = ''], summary }) => quote(`${second}:${summary}`));
  return `    ${first})
      if ((CURRENT == 3)); then
        names=(${seconds.join(' ')})
        _describe command names
        return
      fi
      case $words[3] in
${group.map((command) => `        ${command.words[1]})\n${toCommand(command, 2)}          ;;\n`).join('')}      esac
      ;;
`;
}

/** @param depth How many words its name has: to \`_arguments\` it is one. */
function toCommand({ options, positionals, repeats }: CommandCompletion, depth: number): string {
  const last = positionals.length - 1;
  const specs = [
    ...options.map(toOption),
    ...positionals.map((place, index) =>
      quote(`${repeats && index === last ? '*' : ''}:argument:${toAction(place)}`),
    ),
  ];
  return `      shift ${depth} words
      ((CURRENT -= ${depth}))
      _arguments ${specs.join(' \\\n        ')}
`;
}

function toOption({ name, short, help, value, multiple }: OptionCompletion): string {
  const says = `[${help.replaceAll(/[[\]:\\]/g, (character) => `\\${character}`)}]`;
  const rest = value === undefined ? '' : `:value:${toAction(value)}`;
  const long = `--${name}${value === undefined ? '' : '='}`;
  if (short === undefined) return quote(`${multiple ? '*' : ''}${long}${says}${rest}`);
  return `${quote(`(-${short} --${name})`)}{-${short},${long}}${quote(`${says}${rest}`)}`;
}

function toAction(place: Place): string {
  switch (place.kind) {
    case 'words':
      return place.open ? `{compadd -S '' -- ${place.words.join(' ')}}` : `(${place.words.join(' ')})`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'fleets':
      return '_fairlead_fleets';
    case 'nothing':
      return ' ';
  }
}
