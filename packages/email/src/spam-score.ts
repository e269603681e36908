import { spawn } from 'node:child_process';

/** What SpamAssassin makes of a message. */
export type SpamVerdict =
  | {
      readonly kind: 'scored';
      readonly score: number;
      /** From this score on it is spam; 5 unless its settings say otherwise. */
      readonly threshold: number;
      /** Names of the rules that hit. */
      readonly rules: readonly string[];
    }
  /** No program of it is installed. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface SpamProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The daemon's client first, which answers in a fraction of a second; it passes the message through unscored where no
 * daemon runs, and then the program itself is asked: without network tests, which would say nothing about the message.
 */
const PROGRAMS: readonly SpamProgram[] = [
  { command: 'spamc', args: ['--max-size=600000', '--timeout=10', '--no-safe-fallback'] },
  { command: 'spamassassin', args: ['--local', '--test-mode'] },
];

const MAX_MESSAGE_BYTES = 512 * 1024;
const MAX_ANSWER_BYTES = 2 ** 20;
const TIMEOUT_MS = 30_000;

let turn: Promise<unknown> = Promise.resolve();

/**
 * Asks SpamAssassin, where it is installed, for its score of a message, in a child process that has half a minute. One
 * at a time: each takes a second of a core and 100 MiB. Never rejects.
 */
export function spamScore(
  raw: Uint8Array,
  programs: readonly SpamProgram[] = PROGRAMS,
): Promise<SpamVerdict> {
  const scored = turn.then(() => askAll(raw, programs));
  turn = scored;
  return scored;
}

async function askAll(raw: Uint8Array, programs: readonly SpamProgram[]): Promise<SpamVerdict> {
  if (raw.length > MAX_MESSAGE_BYTES) return { kind: 'failed', reason: 'the message is too large' };
  let verdict: SpamVerdict = { kind: 'absent' };
  for (const program of programs) {
    const next = await ask(program, raw);
    if (next.kind === 'scored') return next;
    // A program that is there and fails says more than one that is not.
    if (next.kind === 'failed') verdict = next;
  }
  return verdict;
}

function ask({ command, args }: SpamProgram, raw: Uint8Array): Promise<SpamVerdict> {
  return new Promise((resolve) => {
    // Nothing of our environment, which holds secrets, is a filter's business.
    const { PATH = '', HOME = '/' } = process.env;
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      env: { PATH, HOME, LC_ALL: 'C' },
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === 'ENOENT' ? { kind: 'absent' } : { kind: 'failed', reason: error.message },
      ),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.on('close', (code, signal) => {
      const found = readVerdict(Buffer.concat(chunks).toString('latin1'));
      if (found) resolve(found);
      else if (signal)
        resolve({ kind: 'failed', reason: `${command} was ended: no answer in time` });
      else resolve({ kind: 'failed', reason: `${command} gave no score (exit ${code})` });
    });
    // A program that ends before it has read everything is told of by its end.
    child.stdin.on('error', () => {});
    child.stdin.end(raw);
  });
}

/** The header that it adds: `X-Spam-Status: No, score=-0.1 required=5.0 tests=NO_RELAYS,HTML_MESSAGE autolearn=…`. */
function readVerdict(answer: string): SpamVerdict | undefined {
  const header = /^X-Spam-Status:((?:[^\r\n]|\r?\n[ \t])*)/im
    .exec(answer)?.[1]
    ?.replace(/\s+/g, ' ');
  const score = /\bscore=(-?\d+(?:\.\d+)?)/.exec(header ?? '')?.[1];
  if (header === undefined || score === undefined) return undefined;
  const threshold = /\brequired=(-?\d+(?:\.\d+)?)/.exec(header)?.[1] ?? '5';
  // A long list is folded after a comma.
  const tests = /\btests=([\w, ]*?)(?: autolearn| version|$)/.exec(header)?.[1] ?? '';
  const rules = tests.split(/[, ]+/).filter((rule) => rule !== '' && rule !== 'none');
  return { kind: 'scored', score: Number(score), threshold: Number(threshold), rules };
}
