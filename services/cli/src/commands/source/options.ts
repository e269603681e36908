import { InvalidArgumentError, Option } from 'commander';

/** `--publishes`: when the source itself brings out new lists. */
export function publishesOption(): Option {
  return new Option(
    '--publishes <fields>',
    'when it brings out new lists, as a cron of its zone; learnt from its pages when left out',
  );
}

/** `--essential`: whether digests may wait for it. */
export function essentialOption(): Option {
  return new Option(
    '--essential <yes|no>',
    'whether digests may be held while it is in trouble (DIGEST_WHEN_SOURCE_FAILS)',
  ).argParser(yesOrNo);
}

function yesOrNo(text: string): boolean {
  if (text === 'yes') return true;
  if (text === 'no') return false;
  throw new InvalidArgumentError('Expected yes or no.');
}
