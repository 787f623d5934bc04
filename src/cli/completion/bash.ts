import { programs, quote, toSpellings, type CommandCompletion, type Place } from './completions.ts';

/** The completion for bash; it needs nothing but bash 4. */
export function toBashCompletion(commands: readonly CommandCompletion[]): string {
  const firsts = [...new Set(commands.map(({ words: [first] }) => first))];
  return `# Completion of fairlead for bash: source <(fairlead completion bash)
_fairlead_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
_fairlead_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur"); }
_fairlead_folders() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$cur"); }
_fairlead_fleets() { _fairlead_words "$("\${COMP_WORDS[0]}" completion fleets 2>/dev/null)"; }
# How many arguments stand before the cursor; $1 is where they begin, the rest are the options with a value.
_fairlead_position() {
  local index=$1 word
  position=0
  for ((; index < COMP_CWORD; index++)); do
    word=\${COMP_WORDS[index]}
    if [[ $word == = ]]; then ((index++))
    elif [[ $word == -* && " \${*:2} " == *" $word "* && \${COMP_WORDS[index + 1]} != = ]]; then ((index++))
    elif [[ $word != -* ]]; then ((position++)); fi
  done
}
_fairlead() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} position
  # "--output=json" are three words.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then _fairlead_words ${quote([...firsts, '--help', '--version'].join(' '))}; return; fi
  case \${COMP_WORDS[1]} in
${firsts.map((first) => toFirst(first, commands)).join('')}  esac
}
complete -F _fairlead ${programs.join(' ')}
`;
}

function toFirst(first: string, commands: readonly CommandCompletion[]): string {
  const group = commands.filter(({ words }) => words[0] === first);
  const [only] = group;
  if (only !== undefined && only.words[1] === undefined)
    return `    ${first})\n${toCommand(only, 2)}      ;;\n`;
  const seconds = group.flatMap(({ words: [, second = ''] }) => second);
  const cases = group.map(
    (command) => `        ${command.words[1]})\n${toCommand(command, 3)}          ;;\n`,
  );
  return `    ${first})
      if ((COMP_CWORD == 2)); then _fairlead_words ${quote(seconds.join(' '))}; return; fi
      case \${COMP_WORDS[2]} in
${cases.join('')}      esac
      ;;
`;
}

function toCommand({ options, positionals, repeats }: CommandCompletion, begin: number): string {
  const valued = options.filter(({ value }) => value !== undefined);
  const cases = valued.map(
    (option) => `        ${toSpellings(option).join('|')}) ${toAction(option.value)} return ;;\n`,
  );
  const names = options.map(({ name }) => `--${name}`).join(' ');
  const last = positionals.length - 1;
  const places = positionals.map(
    (place, index) => `        ${repeats && index === last ? '*' : index}) ${toAction(place)} ;;\n`,
  );
  const choice =
    places.length === 0
      ? ''
      : `      _fairlead_position ${begin} ${valued.flatMap(toSpellings).join(' ')}
      case $position in
${places.join('')}      esac
`;
  return `${cases.length === 0 ? '' : `      case $prev in\n${cases.join('')}      esac\n`}      if [[ $cur == -* ]]; then _fairlead_words ${quote(names)}; return; fi
${choice}`;
}

function toAction(place: Place | undefined): string {
  switch (place?.kind) {
    case undefined:
    case 'nothing':
      return '';
    case 'words':
      return `${place.open ? 'compopt -o nospace 2>/dev/null; ' : ''}_fairlead_words ${quote(place.words.join(' '))};`;
    case 'files':
    case 'fleets':
    case 'folders':
      return `_fairlead_${place.kind};`;
  }
}
