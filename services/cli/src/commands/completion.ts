import { Argument, type Command } from 'commander';
import { type Cli, commandWith } from '../cli.ts';
import { completionScript, SHELLS, type Shell } from '../completion.ts';
import type { CommonOptions } from '../context.ts';

/** `paperboy completion`: what a shell completes; `program` has every command. */
export function completionCommand(cli: Cli, program: () => Promise<Command>): Command {
  return commandWith(
    'completion',
    'A script that lets a shell complete commands, options and their words',
    'completion bash > ~/.local/share/bash-completion/completions/paperboy',
  )
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .action(async (shell: Shell, options: CommonOptions) => {
      const script = completionScript(shell, await program());
      cli.output(options).fact({ shell, script }, script.trimEnd());
    });
}
