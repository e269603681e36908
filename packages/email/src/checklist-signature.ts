import { fieldsNamed, type MessageToCheck } from './checklist-message.ts';
import type { Rule } from './checklist-rule.ts';
import { type Finding, fail, pass, unknown } from './finding.ts';

const SIGN = 'Sign with a DKIM key of your domain, or let the relay sign with one.';

const LEFT_TO_RELAY = 'unsigned here: the relay is to sign';

/** What RFC 6376 signatures and RFC 8058 ask of each other. */
export const SIGNATURE_RULES: readonly Rule[] = [
  {
    id: 'dkim',
    rule: 'A DKIM signature verifies',
    level: 'required',
    fix: SIGN,
    judge(message) {
      const { dkim } = message.facts;
      if (signaturesOf(message).length === 0) {
        return message.facts.relaySigns ? unknown(LEFT_TO_RELAY) : fail('not signed');
      }
      if (dkim === undefined) return unknown('signed, but not verified here');
      if (dkim.result === 'fail') return fail(dkim.reason);
      if (dkim.result === 'unknown') return unknown(dkim.reason);
      return pass('the signature verifies');
    },
  },
  {
    id: 'dkim-aligned',
    rule: 'The signature is of the domain in From, or of one that it belongs to',
    level: 'required',
    fix: 'Let the signature’s d= be the domain of MAIL_FROM: DMARC asks for it.',
    judge(message) {
      const [signature] = signaturesOf(message);
      if (!signature) return unsigned(message);
      const { d = '' } = signature;
      const from = message.fromDomain ?? '';
      const isAligned = d !== '' && (from === d || from.endsWith(`.${d}`));
      return isAligned ? pass(`d=${d}`) : fail(`d=${d}, From is at ${from || 'no domain'}`);
    },
  },
  {
    id: 'dkim-key',
    rule: 'The DKIM key is RSA of 2048 bits or more',
    level: 'required',
    fix: 'Make an RSA key of 2048 bits and publish it under a new selector. Ed25519 alone is not verified everywhere.',
    judge(message) {
      const [signature] = signaturesOf(message);
      if (!signature) return unsigned(message);
      const algorithm = signature.a ?? '';
      if (!algorithm.startsWith('rsa-sha256')) return fail(`a=${algorithm}`);
      const { dkim } = message.facts;
      const bits = dkim?.result === 'pass' ? dkim.keyBits : undefined;
      if (bits === undefined) return unknown('the key was not looked up');
      return bits >= 2048 ? pass(`${bits} bits`) : fail(`${bits} bits`);
    },
  },
  {
    id: 'from-oversigned',
    rule: 'From is signed twice, so that nobody can add a second one',
    level: 'should',
    fix: 'Name From twice in the h= of the signature.',
    judge(message) {
      const [signature] = signaturesOf(message);
      if (!signature) return unsigned(message);
      const times = signedNames(signature).filter((name) => name === 'from').length;
      if (times === 0) return fail('From is not signed at all');
      return times > 1 ? pass('From stands twice in h=') : fail('From stands once in h=');
    },
  },
  {
    id: 'one-click-signed',
    rule: 'List-Unsubscribe and List-Unsubscribe-Post are both signed (RFC 8058)',
    only: 'list',
    level: 'required',
    fix: 'Let the signature’s h= name both headers: without it no client shows its button.',
    judge(message) {
      const [signature] = signaturesOf(message);
      if (!signature) return unsigned(message);
      const names = signedNames(signature);
      const missing = ['list-unsubscribe', 'list-unsubscribe-post'].filter(
        (name) => !names.includes(name),
      );
      return missing.length === 0
        ? pass('both stand in h=')
        : fail(`not in h=: ${missing.join(', ')}`);
    },
  },
  {
    id: 'signature-lasting',
    rule: 'The signature covers the whole body and does not expire',
    level: 'should',
    fix: 'Leave l= and x= out of the signature.',
    judge(message) {
      const [signature] = signaturesOf(message);
      if (!signature) return unsigned(message);
      const partial = ['l', 'x'].filter((tag) => signature[tag] !== undefined);
      return partial.length === 0
        ? pass('neither l= nor x=')
        : fail(partial.map((tag) => `${tag}=${signature[tag]}`).join(', '));
    },
  },
];

type Tags = Readonly<Record<string, string | undefined>>;

/** The signatures of the message, that of our own domain first. */
function signaturesOf(message: MessageToCheck): Tags[] {
  const wanted = message.facts.ourDomain ?? message.fromDomain;
  return fieldsNamed(message, 'DKIM-Signature')
    .map(({ value }) => tagsOf(value))
    .sort((one, other) => Number(other.d === wanted) - Number(one.d === wanted));
}

/** `a=rsa-sha256; d=example.org` (RFC 6376 3.2); blanks within values mean nothing. */
function tagsOf(text: string): Tags {
  const tags = text.split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [] : [[part.slice(0, at).trim(), part.slice(at + 1).replace(/\s+/g, '')]];
  });
  return Object.fromEntries(tags);
}

function signedNames({ h = '' }: Tags): string[] {
  return h.toLowerCase().split(':');
}

/** One fault is told once: the rule that asks for a signature fails, those that ask for its form know nothing. */
function unsigned({ facts }: MessageToCheck): Finding {
  return unknown(facts.relaySigns ? LEFT_TO_RELAY : 'there is no signature');
}
