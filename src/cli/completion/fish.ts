import { programs, type CommandCompletion, type OptionCompletion, type Place } from './completions.ts';

/** The completion for fish. */
export function toFishCompletion(commands: readonly CommandCompletion[]): string {
  return `# Completion of fairlead for fish: fairlead completion fish > ~/.config/fish/completions/fairlead.fish
function __fairlead_is
    set -l words (commandline -opc)
    set -l last (math 1 + (count $argv))
    test (count $words) -ge $last; and test "$words[2..$last]" = "$argv"
end
function __fairlead_fleets
    set -l words (commandline -opc)
    $words[1] completion fleets 2>/dev/null
end
${programs.map((program) => toProgram(program, commands)).join('')}`;
}

function toProgram(program: string, commands: readonly CommandCompletion[]): string {
  const complete = `complete -c ${program}`;
  const lines = commands.flatMap((command) => {
    const { words, summary, options, positionals } = command;
    const [first, second] = words;
    const name = words.join(' ');
    // Before its last word.
    const when = second === undefined ? 'test (count (commandline -opc)) -eq 1' : toSecondCondition(first);
    const condition = quoteFish(`__fairlead_is ${name}`);
    return [
      `${complete} -n ${quoteFish(when)} -a ${second ?? first} -d ${quoteFish(summary)}`,
      ...options.map((option) => `${complete} -n ${condition} ${toOption(option)}`),
      ...positionals.flatMap((place) => {
        const given = toArguments(place);
        return given === '' ? [] : `${complete} -n ${condition} ${given}`;
      }),
    ];
  });
  const groups = [...new Set(commands.filter(({ words }) => words.length > 1).map(({ words }) => words[0]))];
  const heads = groups.map((group) => `${complete} -n 'test (count (commandline -opc)) -eq 1' -a ${group}`);
  return [`${complete} -f`, ...heads, ...lines, ''].join('\n');
}

function toSecondCondition(first: string): string {
  return `test (count (commandline -opc)) -eq 2; and __fairlead_is ${first}`;
}

function toOption({ name, short, help, value }: OptionCompletion): string {
  const spelling = `${short === undefined ? '' : `-s ${short} `}-l ${name}`;
  return `${spelling}${value === undefined ? '' : ` ${toValue(value)}`} -d ${quoteFish(help)}`;
}

function toValue(place: Place): string {
  if (place.kind === 'files') return '-r -F';
  const words = toArguments(place);
  return words === '' ? '-x' : `-x ${words}`;
}

function toArguments(place: Place): string {
  switch (place.kind) {
    case 'words':
      return `-a ${quoteFish(place.words.join(' '))}`;
    case 'files':
    case 'folders':
      return `-a '(__fish_complete_${place.kind === 'files' ? 'path' : 'directories'})'`;
    case 'fleets':
      return `-a '(__fairlead_fleets)'`;
    case 'nothing':
      return '';
  }
}

function quoteFish(text: string): string {
  return `'${text.replaceAll(/['\\]/g, (character) => `\\${character}`)}'`;
}
