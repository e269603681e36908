import { hash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import {
  checkDkimName,
  type DkimName,
  type DkimRecord,
  dkimRecord,
  readDkimKey,
} from './dkim-key.ts';
import { relaxedBody, relaxedHeader, toCrlf } from './relaxed-form.ts';
import { remembered } from './remembered.ts';

export interface DkimSettings extends DkimName {
  /** A private key in PEM, RSA of 2048 bits or more. */
  readonly key: string;
}

/** Signs messages for one domain (DKIM, RFC 6376). */
export interface MessageSigner {
  readonly domain: string;
  /** What DNS must hold for the signatures to be believed. */
  readonly record: DkimRecord;
  /**
   * The message with its signature on top, every line end CRLF. `at` is told as the time of signing: with
   * the same `at` the same message has the same signature. Throws TypeError when a header that may stand
   * once stands twice, or there is no From.
   */
  sign(message: Buffer, at: Date): Promise<Buffer>;
  /** Bytes that a signature's header takes. */
  readonly room: number;
  /**
   * The same in place: `bytes` begin with `room` for the signature, behind which stands a message with CRLF alone and a
   * body in relaxed form (RFC 6376 3.4.4), as digests are written. No byte of it is copied or looked at twice.
   */
  signInPlace(bytes: Buffer, at: Date): Promise<void>;
}

/**
 * What a signature covers. From stands twice, so that a second one, which some clients would show, breaks
 * it. The two List-Unsubscribe headers are what one-click needs (RFC 8058 4). What a message lacks is
 * covered as lacking.
 */
const SIGNED = [
  ...['From', 'From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'],
  ...['Reply-To', 'List-Id', 'List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Help'],
  ...['List-Subscribe', 'List-Archive', 'Feedback-ID', 'Auto-Submitted'],
];
const NAMES = [...new Set(SIGNED.map((name) => name.toLowerCase()))];
const FOLDED_NAMES = SIGNED.join(':').replace(/(.{40,62}:)/g, '$1\r\n ');

const signBytes: (algorithm: string, data: Buffer, key: KeyObject) => Promise<Buffer> =
  promisify(sign);

/** Reads the key, once: parsing PEM for each message takes three times as long as signing it. Throws DKIM_INVALID. */
export function createSigner(settings: DkimSettings): MessageSigner {
  const { domain, selector } = checkDkimName(settings);
  const key = readDkimKey(settings.key);
  // Neither `l=` (text could be appended) nor `x=` (late mail would fail).
  const unsigned = (seconds: number, bodyHash: string) =>
    [
      `v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=${selector};`,
      `t=${String(seconds).padStart(10, '0')};`,
      `h=${FOLDED_NAMES};`,
      `bh=${bodyHash};`,
      'b=',
    ].join('\r\n ');
  const room = headerOf(unsigned(0, HASH_FORM), signatureForm(key)).length;

  /** Signs what stands behind the room for it, and writes the signature there. */
  const signBehind = async (bytes: Buffer, at: Date, bodyOf: BodyOf) => {
    const headEnd = bytes.indexOf('\r\n\r\n', room);
    const bodyStart = headEnd < 0 ? bytes.length : headEnd + 4;
    const head = bytes.toString('latin1', room, headEnd < 0 ? bytes.length : headEnd);
    const bodyHash = hash('sha256', bodyOf(bytes, bodyStart), 'base64');
    const own = unsigned(Math.floor(at.getTime() / 1000), bodyHash);
    // The signature's own header ends without a line end (RFC 6376 3.7).
    const ownRelaxed = `dkim-signature:${own.replaceAll('\r\n', '')}`;
    const data = Buffer.from(signedHeaders(head) + ownRelaxed, 'latin1');
    // The callback form works in the thread pool: while it does, the next message is built.
    const signature = (await signBytes('RSA-SHA256', data, key)).toString('base64');
    bytes.write(headerOf(own, signature), 0, 'latin1');
  };

  return {
    domain,
    record: dkimRecord({ domain, selector }, key),
    room,
    async sign(given, at) {
      const message = toCrlf(given);
      const bytes = Buffer.allocUnsafeSlow(room + message.length);
      message.copy(bytes, room);
      await signBehind(bytes, at, relaxedBody);
      return bytes;
    },
    signInPlace: (bytes, at) => signBehind(bytes, at, (all, start) => all.subarray(start)),
  };
}

type BodyOf = (bytes: Buffer, start: number) => Buffer;

/** Stands where the hash of the body will: every SHA-256 in base64 has its length. */
const HASH_FORM = '0'.repeat(44);

/** Stands where the signature will: all of one key have one length. */
function signatureForm(key: KeyObject): string {
  const bytes = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  return '0'.repeat(Math.ceil(bytes / 3) * 4);
}

function headerOf(unsigned: string, signature: string): string {
  const folded = signature.replace(/.{1,72}/g, '$&\r\n ').trimEnd();
  return `DKIM-Signature: ${unsigned}${folded}\r\n`;
}

/** Two headers of three are the same in all messages of an edition. */
const relaxed = remembered(relaxedHeader);

/** The covered headers in the order of `h=`; of the second From nothing, as there is none. */
function signedHeaders(head: string): string {
  const found = new Map<string, string>();
  for (const line of head.split(/\r\n(?![ \t])/)) {
    const { name, text } = relaxed(line);
    if (!NAMES.includes(name)) continue;
    if (found.has(name)) throw new TypeError(`the message has ${name} twice`);
    found.set(name, text);
  }
  if (!found.has('from')) throw new TypeError('the message has no From');
  return NAMES.map((name) => found.get(name) ?? '').join('');
}
