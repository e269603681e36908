import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { promisify } from 'node:util';
import { PaperboyError } from '@paperboy/core';

/** Whose key it is: verifiers find it as the TXT record `<selector>._domainkey.<domain>`. */
export interface DkimName {
  readonly domain: string;
  readonly selector: string;
}

/** What is published in DNS. */
export interface DkimRecord {
  readonly name: string;
  readonly text: string;
}

/** The size that every large receiver takes; shorter keys are refused by some, longer ones by others. */
const KEY_BITS = 2048;
const SELECTOR = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9-]{1,63})*$/;

/** A new private key as PEM (PKCS#8), RSA of 2048 bits. */
export async function makeDkimKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/**
 * Reads a private key from PEM. Throws DKIM_INVALID when it is none, is not RSA (Gmail does not verify
 * Ed25519) or is shorter than 2048 bits.
 */
export function readDkimKey(pem: string): KeyObject {
  const key = parseKey(pem);
  if (key.asymmetricKeyType !== 'rsa') {
    throw new PaperboyError('DKIM_INVALID', `the key is ${key.asymmetricKeyType}, not RSA`);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits >= KEY_BITS) return key;
  throw new PaperboyError('DKIM_INVALID', `the key has ${bits} bits, not ${KEY_BITS} or more`);
}

/** The name in the form that stands in a signature. Throws DKIM_INVALID when it could not be a DNS name. */
export function checkDkimName({ domain, selector }: DkimName): DkimName {
  // The conversion would drop a line end in silence.
  const ascii = /\s/.test(domain) ? '' : domainToASCII(domain);
  if (ascii === '') throw new PaperboyError('DKIM_INVALID', `"${domain}" is no domain`);
  const lower = selector.toLowerCase();
  if (SELECTOR.test(lower)) return { domain: ascii, selector: lower };
  throw new PaperboyError('DKIM_INVALID', `"${selector}" is no selector`);
}

/** The record by which verifiers know a private key's signatures (RFC 6376 3.6.1). */
export function dkimRecord(name: DkimName, key: KeyObject): DkimRecord {
  const { domain, selector } = checkDkimName(name);
  const published = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    name: `${selector}._domainkey.${domain}`,
    text: `v=DKIM1; k=rsa; p=${published.toString('base64')}`,
  };
}

function parseKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new PaperboyError('DKIM_INVALID', 'the key cannot be read as a private key in PEM', {
      cause,
    });
  }
}
