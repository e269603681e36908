import { verify, X509Certificate } from 'node:crypto';
import { textAt } from './json.ts';

/** Reads a page of Amazon's; rejects where it cannot be had. */
export type FetchText = (url: URL) => Promise<string>;

/** Hosts of SNS itself, and nothing that only ends like them. */
const SNS_HOST = /^sns\.[a-z]{2}(?:-[a-z]{2,10}){1,3}-\d\.amazonaws\.com(?:\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem$/;
const MOST_CERTIFICATES = 10;

/** An https address of SNS without credentials, port or anything else that could lead elsewhere; undefined for others. */
export function snsAddress(text: string): URL | undefined {
  const url = URL.parse(text);
  const isSns =
    url?.protocol === 'https:' &&
    url.port === '' &&
    url.username === '' &&
    url.password === '' &&
    SNS_HOST.test(url.hostname);
  return isSns ? url : undefined;
}

const SIGNED_FIELDS = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    ...['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  ],
} as const;

/** Knows whether messages are SNS's own, by the certificates that SNS shows under its own name. */
export class SnsVerifier {
  readonly #fetchText: FetchText;
  readonly #certificates = new Map<string, X509Certificate>();

  constructor(fetchText: FetchText) {
    this.#fetchText = fetchText;
  }

  /** The kind of a message whose signature holds; undefined for any other. */
  async verifiedKind(message: unknown, now: Date): Promise<keyof typeof SIGNED_FIELDS | undefined> {
    const type = textAt(message, 'Type');
    if (type !== 'Notification' && type !== 'SubscriptionConfirmation') return undefined;
    const algorithm = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' }[textAt(message, 'SignatureVersion')];
    const address = snsAddress(textAt(message, 'SigningCertURL'));
    if (algorithm === undefined || !address || !CERTIFICATE_PATH.test(address.pathname)) {
      return undefined;
    }
    const certificate = await this.#certificate(address);
    if (!certificate || !isValidAt(certificate, now)) return undefined;
    const signature = Buffer.from(textAt(message, 'Signature'), 'base64');
    const text = Buffer.from(signedText(message, type));
    return verify(algorithm, text, certificate.publicKey, signature) ? type : undefined;
  }

  async #certificate({ href }: URL): Promise<X509Certificate | undefined> {
    const known = this.#certificates.get(href);
    if (known) return known;
    const text = await this.#fetchText(new URL(href)).catch(() => '');
    try {
      const certificate = new X509Certificate(text);
      const oldest = this.#certificates.keys().next().value;
      if (this.#certificates.size >= MOST_CERTIFICATES && oldest !== undefined) {
        this.#certificates.delete(oldest);
      }
      this.#certificates.set(href, certificate);
      return certificate;
    } catch {
      return undefined;
    }
  }
}

function signedText(message: unknown, type: keyof typeof SIGNED_FIELDS): string {
  return SIGNED_FIELDS[type]
    .filter((name) => name !== 'Subject' || textAt(message, name) !== '')
    .map((name) => `${name}\n${textAt(message, name)}\n`)
    .join('');
}

function isValidAt({ validFromDate, validToDate }: X509Certificate, now: Date): boolean {
  return validFromDate <= now && now <= validToDate;
}

const MOST_BYTES = 64 * 1024;

/** Reads a small page over https, following nothing. */
export async function fetchText(url: URL): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!answer.ok || !answer.body) throw new Error(`${url.hostname} answers ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    length += chunk.length;
    if (length > MOST_BYTES) throw new Error(`${url.hostname} gives too much`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
