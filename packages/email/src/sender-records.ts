import type { ChecklistRow } from './checklist.ts';
import type { DkimRecord } from './dkim-key.ts';
import { claim, type Finding, fail, pass } from './finding.ts';

/** What DNS was found to hold of one name; undefined where it could not be asked. */
export type Texts = readonly string[] | undefined;

type Rule = Omit<ChecklistRow, 'outcome' | 'found'>;

/** SPF (RFC 7208): one record that names its senders and ends in a verdict on all others. */
export function judgeSpf(domain: string, texts: Texts): ChecklistRow {
  const rule: Rule = {
    id: 'spf',
    rule: `${domain} says who may send for it (SPF)`,
    level: 'required',
    fix: `Publish ${domain} TXT "v=spf1 include:<what your relay tells> ~all", in one record.`,
  };
  return row(rule, texts, (found) => {
    const records = found.filter((text) => /^v=spf1(?: |$)/i.test(text));
    const [record] = records;
    if (record === undefined) return fail('no record');
    if (records.length > 1) return fail(`${records.length} records, which counts as none`);
    if (/(?:^| )\+?all(?: |$)/i.test(record)) return fail(`${record}: everybody may`);
    if (!/ [~-]all(?: |$)| redirect=/i.test(record))
      return fail(`${record}: no ~all or -all at its end`);
    const lookups = record.match(
      / [?~+-]?(?:include:|a(?=[ :/]|$)|mx(?=[ :/]|$)|ptr|exists:)| redirect=/gi,
    );
    const asked = lookups?.length ?? 0;
    return claim(asked <= 10, record, `${record}: asks ${asked} times, 10 are allowed`);
  });
}

/** DMARC (RFC 9989): a policy for the domain in From, `none` at least. */
export function judgeDmarc(domain: string, texts: Texts): ChecklistRow {
  const rule: Rule = {
    id: 'dmarc',
    rule: `${domain} has a DMARC policy`,
    level: 'required',
    fix: `Publish _dmarc.${domain} TXT "v=DMARC1; p=none; rua=mailto:<an address that somebody reads>", and raise p when the reports are clean.`,
  };
  return row(rule, texts, (found) => {
    const records = found.filter((text) => /^v=DMARC1 *(?:;|$)/.test(text));
    const [record] = records;
    if (record === undefined) return fail('no record');
    if (records.length > 1) return fail(`${records.length} records, which counts as none`);
    const policy = /;\s*p\s*=\s*(\w+)/i.exec(record)?.[1]?.toLowerCase() ?? '';
    return claim(['none', 'quarantine', 'reject'].includes(policy), record, `${record}: no policy`);
  });
}

/** The published DKIM key (RFC 6376 3.6.1) is that of the private key that signs. */
export function judgeDkimRecord({ name, text }: DkimRecord, texts: Texts): ChecklistRow {
  const rule: Rule = {
    id: 'dkim-record',
    rule: `${name} holds the key that signs`,
    level: 'required',
    fix: `Publish ${name} TXT "${text}"`,
  };
  return row(rule, texts, (found) => {
    const [record] = found;
    if (record === undefined) return fail('no record');
    if (found.length > 1) return fail(`${found.length} records`);
    const published = keyIn(record);
    if (published === '') return fail('the key is withdrawn: p= is empty');
    if (/(?:^|;)\s*t\s*=\s*[^;]*\by\b/.test(record))
      return fail('t=y: receivers are told that it is a test');
    return claim(published === keyIn(text), 'the same key', 'another key');
  });
}

export interface MailExchange {
  readonly exchange: string;
  readonly priority: number;
}

/** The domain that bounces go to takes mail (RFC 5321 5.1, RFC 7505). */
export function judgeMx(domain: string, hosts: readonly MailExchange[] | undefined): ChecklistRow {
  const rule: Rule = {
    id: 'bounce-mx',
    rule: `${domain} takes mail, so that bounces arrive`,
    level: 'required',
    fix: `Publish ${domain} MX 10 <host that takes the bounces>: receivers refuse senders that cannot be answered.`,
  };
  return row(rule, hosts, (found) => {
    if (found.length === 0) return fail('no MX record');
    if (found.some(({ exchange }) => exchange === '' || exchange === '.')) {
      return fail('a null MX: it takes no mail');
    }
    return pass(found.map(({ exchange, priority }) => `${priority} ${exchange}`).join(', '));
  });
}

/** An address of the sending host, the names that it has, and the addresses that those names have. */
export interface ReverseLookup {
  readonly address: string;
  readonly names: readonly string[] | undefined;
  /** Addresses of all names together. */
  readonly forward: readonly string[];
}

/** Every address of the sending host has a name that leads back to it. */
export function judgeReverse(
  host: string,
  lookups: readonly ReverseLookup[] | undefined,
): ChecklistRow {
  const rule: Rule = {
    id: 'ptr',
    rule: `The addresses of ${host} have names that lead back to them (PTR)`,
    level: 'should',
    fix: 'Ask whoever gave the address for a PTR record, and let its name resolve to the address. A relay that sends from other addresses has to see to theirs.',
  };
  return row(rule, lookups, (found) => {
    if (found.length === 0) return fail('it has no address');
    const wrong = found.filter(({ address, forward }) => !forward.includes(address));
    const told = ({ address, names }: ReverseLookup) =>
      `${address} ${names?.join(', ') || 'no name'}`;
    return claim(wrong.length === 0, found.map(told).join('; '), wrong.map(told).join('; '));
  });
}

function row<Found>(
  rule: Rule,
  found: Found | undefined,
  judge: (found: Found) => Finding,
): ChecklistRow {
  if (found !== undefined) return { ...rule, ...judge(found) };
  return { ...rule, outcome: 'unknown', found: 'DNS could not be asked' };
}

function keyIn(record: string): string {
  return (/(?:^|;)\s*p\s*=([^;]*)/.exec(record)?.[1] ?? '').replace(/\s+/g, '');
}
