/** What the process that `workApart` starts runs: one piece of work, named by its argument, and then it ends. */
import { once } from 'node:events';
import { compileMjml } from './compile-mjml.ts';
import type { DkimRecord } from './dkim-key.ts';
import { verifySignature } from './verify-signature.ts';

/** A message to verify, and the one record that its verifier finds. */
interface SignedMessage {
  readonly message: Buffer;
  readonly record: DkimRecord;
}

const WORK = {
  compileMjml,
  verifySignature: ({ message, record }: SignedMessage) =>
    verifySignature(message, (asked) => (asked === record.name ? record.text : undefined)),
} as const;

/** All work there is, by name. What it is done on and what comes of it go from process to process as clones. */
export type Work = typeof WORK;

/** What takes the time, loaded while what it is for may still be in the making. */
const LIBRARIES: Readonly<Record<keyof Work, () => Promise<unknown>>> = {
  compileMjml: () => import('mjml'),
  verifySignature: () => import('mailauth/lib/dkim/verify.js'),
};

// Ctrl-C reaches both processes: what is to be said of it is said by the one that waits for this.
process.on('SIGINT', () => {});
const asked = once(process, 'message');
const name: keyof Work = process.argv[2] === 'compileMjml' ? 'compileMjml' : 'verifySignature';
await LIBRARIES[name]();
const [of] = await asked;
const answer = name === 'compileMjml' ? await WORK.compileMjml(of) : await WORK.verifySignature(of);
process.send?.(answer, () => process.exit());
