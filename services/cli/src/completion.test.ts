import { execFileSync } from 'node:child_process';
import { Command, Option } from 'commander';
import { expect, test } from 'vitest';
import { completionScript } from './completion.ts';

const program = new Command('paperboy');
const source = new Command('source');
source
  .addCommand(
    new Command('add')
      .arguments('<name>')
      .addOption(new Option('--format <format>').choices(['feed', 'hf-page']))
      .option('--url <url>', 'where'),
  )
  .addCommand(new Command('list').option('--json'));
program.addCommand(source).addCommand(new Command('status').option('--strict'));

/** What bash offers for the last word of each line, lines at once. */
function offered(...lines: readonly string[]): string[][] {
  const script = completionScript('bash', program);
  const asks = lines.map((line) => {
    const words = line.split(' ').map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _paperboy; echo "\${COMPREPLY[*]}"`;
  });
  const said = execFileSync('bash', ['-c', `${script}\n${asks.join('\n')}`], { encoding: 'utf8' });
  return said
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split(' '));
}

test('bash completes commands, options and the words of an option, wherever they stand', () => {
  expect(
    offered(
      'paperboy s',
      'paperboy source ',
      'paperboy source add --f',
      'paperboy source add --format ',
      'paperboy source add lab --format feed --u',
      'paperboy source add lab --format h',
      'paperboy nonsense ',
    ),
  ).toEqual([
    ['source', 'status'],
    ['add', 'list', '--help'],
    ['--format'],
    ['feed', 'hf-page'],
    ['--url'],
    ['hf-page'],
    ['source', 'status', '--help'],
  ]);
});

test('zsh reads the script of bash, fish one of its own', () => {
  expect(completionScript('zsh', program)).toContain('bashcompinit');
  expect(completionScript('fish', program)).toContain(
    `complete -c paperboy -n "__paperboy_at 'source add'" -l format -x -a 'feed hf-page'`,
  );
});
