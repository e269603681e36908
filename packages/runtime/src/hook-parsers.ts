import { createPublicKey } from 'node:crypto';
import type { SettingParser } from './setting-parsers.ts';

/*
 * What providers prove themselves by at `/hooks/…`. Whatever is not of its provider's form would have every webhook
 * refused, so it is refused at start. Empty: that hook is closed.
 */

/**
 * The ARN of a topic of SNS, as each of its messages names it. That of a subscription has one part more, and a topic
 * in order (`.fifo`) posts to nobody.
 */
export const snsTopic: SettingParser<string> = {
  expects: 'the ARN of an SNS topic such as arn:aws:sns:eu-west-1:123456789012:bounces',
  read: (given) => {
    const arn = /^arn:aws(?:-[a-z]+)*:sns:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:[\w-]{1,256}$/;
    return given === '' || arn.test(given) ? given : undefined;
  },
  print: (value) => value,
};

/**
 * A public key of ECDSA on P-256 (SubjectPublicKeyInfo, RFC 5480): its bytes in base64, as SendGrid shows it, or PEM,
 * also on one line. Kept as the base64.
 */
export const verificationKey: SettingParser<string> = {
  expects: 'a public key of ECDSA on P-256, in PEM or in base64 (MFkwEwYH…)',
  read(given) {
    const base64 = given
      .replaceAll('\\n', '')
      .replace(/-----(?:BEGIN|END) PUBLIC KEY-----/g, '')
      .replace(/\s/g, '');
    return base64 === '' ? emptyOr(given) : p256(base64);
  },
  print: (value) => value,
};

/** A password for an address: each of its signs stands there as itself (RFC 3986, 3.2.1), so that both read alike. */
export const addressPassword: SettingParser<string> = {
  expects:
    "a password that an address holds as it is: any of !$&'()*+,;=._~- and letters and digits",
  read: (given) => (/^[\w.~!$&'()*+,;=-]*$/.test(given) ? given : undefined),
  print: (value) => value,
};

/** Mailgun's signing keys have 32 letters and digits, some after `key-`, some with two parts more after hyphens. */
export const mailgunSigningKey: SettingParser<string> = {
  expects: 'a webhook signing key of Mailgun: 32 letters, digits and hyphens or more',
  read: (given) => (/^(?:[\da-z-]{32,100})?$/i.test(given) ? given : undefined),
  print: (value) => value,
};

const emptyOr = (given: string) => (given === '' ? given : undefined);

function p256(base64: string): string | undefined {
  if (!/^[\w+/]+={0,2}$/.test(base64)) return undefined;
  try {
    const key = createPublicKey({
      key: Buffer.from(base64, 'base64'),
      format: 'der',
      type: 'spki',
    });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
      ? key.export({ format: 'der', type: 'spki' }).toString('base64')
      : undefined;
  } catch {
    return undefined;
  }
}
