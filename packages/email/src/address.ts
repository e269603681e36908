import { domainToASCII, domainToUnicode } from 'node:url';

/** An address that can be mailed: ASCII alone, the domain lower-cased and as A-labels. */
export interface MailAddress {
  readonly address: string;
  readonly domain: string;
}

/** An address with the name shown beside it, as in MAIL_FROM. */
export interface Mailbox extends MailAddress {
  readonly name?: string;
}

/** Why a text is no address, as a sentence for the person who typed it. */
export interface AddressProblem {
  readonly problem: string;
}

/** Invisible or text-turning signs: nobody types them, and two addresses that look alike would differ. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
/** RFC 5322 dot-atom signs, as the WHATWG e-mail state lists them; no quoting, so no header or SMTP syntax can hide. */
const LOCAL_PART = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;
/** Letters, marks, digits, hyphens and dots, the ideographic full stop too. */
const DOMAIN_SIGNS = /^[\p{L}\p{M}\p{N}.\u3002-]+$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads an address as sign-up takes it: the grammar of the WHATWG e-mail input, limited to what can be
 * mailed without SMTPUTF8 (RFC 5321 4.5.3.1 lengths, no quoted local part, no address literal). The
 * local part keeps its case; compare addresses lower-cased.
 */
export function parseAddress(text: string): MailAddress | AddressProblem {
  return readAddress(text, false);
}

/** Reads `Name <address>` or a bare address. `localhost` passes as a domain, for mail that stays on one machine. */
export function parseMailbox(text: string): Mailbox | AddressProblem {
  if (INVISIBLE.test(text)) return { problem: 'It contains an invisible character.' };
  const parts = /^(?<name>[^<>]*)<(?<address>[^<>]*)>$/.exec(text.trim())?.groups;
  if (parts === undefined) return readAddress(text, true);
  const read = readAddress(parts.address ?? '', true);
  const name = unquote((parts.name ?? '').trim());
  return 'problem' in read || name === '' ? read : { name, ...read };
}

/** The same with the domain as people read it; undefined where that is how it is written. */
export function readableAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@') + 1;
  const domain = domainToUnicode(address.slice(at));
  const isSafe = domain !== '' && !problemOfScripts(domain) && !INVISIBLE.test(domain);
  return isSafe && domain !== address.slice(at) ? address.slice(0, at) + domain : undefined;
}

function unquote(name: string): string {
  const quoted = /^"(.*)"$/.exec(name)?.[1];
  return quoted === undefined ? name : quoted.replace(/\\(.)/g, '$1').trim();
}

function readAddress(text: string, localhostToo: boolean): MailAddress | AddressProblem {
  const trimmed = text.trim();
  if (INVISIBLE.test(trimmed)) return { problem: 'It contains an invisible character.' };
  const at = trimmed.lastIndexOf('@');
  if (at < 0) return { problem: 'It has no @.' };
  const local = trimmed.slice(0, at);
  const localProblem = problemOfLocalPart(local);
  if (localProblem) return { problem: localProblem };
  const domain = readDomain(trimmed.slice(at + 1));
  if (typeof domain !== 'string') return domain;
  if (!domain.includes('.') && !(localhostToo && domain === 'localhost')) {
    return { problem: `The domain ${domain} has no dot.` };
  }
  const address = `${local}@${domain}`;
  if (address.length > 254) return { problem: 'It is longer than 254 characters.' };
  return { address, domain };
}

function problemOfLocalPart(local: string): string | undefined {
  if (local === '') return 'Nothing stands before the @.';
  if (local.length > 64) return 'The part before the @ is longer than 64 characters.';
  // It would take SMTPUTF8 (RFC 6531) of every server on the way, and many mailboxes still have none.
  const foreign = /[^\p{ASCII}]/u.exec(local)?.[0];
  if (foreign) {
    return `The part before the @ has “${foreign}”, which is not ASCII and which many mail servers cannot take: give an address that is written in a to z, such as the one that your provider gives beside it.`;
  }
  if (!LOCAL_PART.test(local)) return 'The part before the @ has a character that cannot be used.';
  if (/^\.|\.\.|\.$/.test(local)) return 'The part before the @ has a dot in the wrong place.';
  return undefined;
}

/** The domain as lower-case A-labels (RFC 5890). */
function readDomain(text: string): string | AddressProblem {
  if (text === '') return { problem: 'Nothing stands after the @.' };
  if (!DOMAIN_SIGNS.test(text)) {
    return { problem: 'The domain has a character that cannot be used.' };
  }
  if (text.normalize('NFKC') !== text.normalize('NFC')) {
    return { problem: 'The domain has look-alike characters, such as full-width letters.' };
  }
  // An ASCII domain is left to our own grammar: a URL parser would read 127.1 as an IPv4 address.
  const isAscii = /^\p{ASCII}+$/u.test(text);
  const domain = isAscii ? text.toLowerCase() : domainToASCII(text);
  const labels = domain.split('.');
  if (domain.length > 253 || !labels.every((label) => LABEL.test(label))) {
    return { problem: 'The domain is not a valid name.' };
  }
  if (/^\d+$/.test(labels.at(-1) ?? '')) {
    return { problem: 'The domain is a number, not a name.' };
  }
  const shown = domainToUnicode(domain);
  if (/(?:^|\.)xn--/.test(shown) || !DOMAIN_SIGNS.test(shown) || domainToASCII(shown) !== domain) {
    return { problem: 'The domain is not a valid international name.' };
  }
  return problemOfScripts(shown) ?? domain;
}

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Thai',
  'Georgian',
  'Cherokee',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Bopomofo',
];
const LETTERS_OF = SCRIPTS.map((script) => new RegExp(String.raw`\p{Script=${script}}`, 'u'));
/** What belongs together: UTS 39 5.2, "highly restrictive". */
const WRITTEN_TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];
/** Cyrillic letters that read as Latin; a label of nothing else under an ASCII ending is taken for a disguise, as browsers do. */
const LATIN_LOOKALIKES = /^[асԁеһіјӏорԛѕԝхуъьҽпгѵѡ\d-]+$/u;

function problemOfScripts(shown: string): AddressProblem | undefined {
  const labels = shown.split('.');
  for (const label of labels) {
    const scripts = SCRIPTS.filter((_, index) => LETTERS_OF[index]?.test(label));
    const fits =
      scripts.length <= 1 ||
      WRITTEN_TOGETHER.some((together) => scripts.every((script) => together.includes(script)));
    if (!fits) return { problem: `The domain mixes alphabets in “${label}”.` };
    const disguised = scripts[0] === 'Cyrillic' && LATIN_LOOKALIKES.test(label);
    if (disguised && /^[a-z]+$/.test(labels.at(-1) ?? '')) {
      return { problem: `The domain has look-alike letters in “${label}”.` };
    }
  }
  return undefined;
}
