import { clearLine, cursorTo } from 'node:readline';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { CliContext, CommonOptions } from './context.ts';
import { clipped } from './output.ts';

/** One line at the bottom of a terminal that tells what is going on. */
export interface Progress {
  /** Replaces the line. */
  show(text: string): void;
  /** Takes the line away, for something that stays. */
  clear(): void;
}

const silent: Progress = { show() {}, clear() {} };

/** Shows on stderr, and only to a person who sees it change: nothing with `--json`, NO_COLOR or without a terminal. */
export function progressFor(
  { stderr, env }: Pick<CliContext, 'stderr' | 'env'>,
  { json }: CommonOptions,
): Progress {
  const isPlain = Boolean(env.NO_COLOR) || env.TERM === 'dumb';
  return json || isPlain || !isTerminal(stderr) ? silent : progressOn(stderr);
}

function progressOn(stream: Writable & { readonly columns?: number }): Progress {
  let shown = false;
  const clear = () => {
    if (!shown) return;
    cursorTo(stream, 0);
    clearLine(stream, 0);
    shown = false;
  };
  return {
    show(text) {
      clear();
      // Some pseudo-terminals say 0.
      const line = clipped(text, (stream.columns || 80) - 3);
      stream.write(styleText('dim', `· ${line}`, { validateStream: false }));
      shown = true;
    },
    clear,
  };
}

/** Whether a stream is a terminal, wide as it says. */
function isTerminal(
  stream: Writable,
): stream is Writable & { readonly isTTY: true; readonly columns?: number } {
  return 'isTTY' in stream && stream.isTTY === true;
}
