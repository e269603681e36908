import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow a line of words. */
interface Place {
  /** The words before, such as `source add`, or `source add --format` for the values of an option. */
  readonly after: string;
  readonly words: readonly string[];
}

/**
 * A script that completes the commands of `program`, their options, and the words that an option or argument is
 * limited to. It asks no running Paperboy; file names are completed where a word is free.
 */
export function completionScript(shell: Shell, program: Command): string {
  const places = placesOf(program);
  if (shell === 'fish') return fishScript(places);
  return shell === 'zsh'
    ? `autoload -U +X bashcompinit && bashcompinit\n${bashScript(places)}`
    : bashScript(places);
}

function placesOf(command: Command, path: readonly string[] = []): Place[] {
  const after = path.join(' ');
  const options = command.options.flatMap(({ long }) => long ?? []);
  const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
  const below = command.commands.map((one) => one.name());
  return [
    { after, words: [...below, ...choices, ...options, '--help'] },
    ...command.options.flatMap(({ long, argChoices }) =>
      long && argChoices ? [{ after: `${after} ${long}`.trimStart(), words: argChoices }] : [],
    ),
    ...command.commands.flatMap((one) => placesOf(one, [...path, one.name()])),
  ];
}

/** The longest known beginning of the line decides; options given before do not matter. */
function bashScript(places: readonly Place[]): string {
  const cases = places.map(({ after, words }) => `    '${after}') echo '${words.join(' ')}';;`);
  return `_paperboy_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1;;
  esac
}
_paperboy() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path='' words at
  for ((at = 1; at < COMP_CWORD; at++)); do
    _paperboy_words "\${path:+$path }\${COMP_WORDS[at]}" > /dev/null && [[ "\${COMP_WORDS[at]}" != -* ]] &&
      path="\${path:+$path }\${COMP_WORDS[at]}"
  done
  COMPREPLY=()
  words="$(_paperboy_words "\${path:+$path }$before")" || words="$(_paperboy_words "$path")"
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _paperboy paperboy
`;
}

function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ after, words }) => {
    const path = after.split(' ').filter((word) => word !== '' && !word.startsWith('--'));
    const option = /--(\S+)$/.exec(after)?.[1];
    const condition = `"__paperboy_at '${path.join(' ')}'"`;
    if (option !== undefined)
      return [`complete -c paperboy -n ${condition} -l ${option} -x -a '${words.join(' ')}'`];
    const plain = words.filter((word) => !word.startsWith('--'));
    const long = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
    return [
      ...(plain.length > 0
        ? [`complete -c paperboy -n ${condition} -f -a '${plain.join(' ')}'`]
        : []),
      ...long.map((name) => `complete -c paperboy -n ${condition} -l ${name}`),
    ];
  });
  return `function __paperboy_at
  set -l words (commandline -opc)[2..-1]
  set -l path (string match -v -- '-*' $words)
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`;
}
