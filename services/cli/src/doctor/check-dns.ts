import { isIP } from 'node:net';
import {
  dkimRecord,
  judgeDkimRecord,
  judgeDmarc,
  judgeMx,
  judgeReverse,
  judgeSpf,
  parseMailbox,
  readDkimKey,
} from '@paperboy/email';
import type { Settings } from '@paperboy/runtime';
import type { Finding } from '../findings.ts';
import type { Lookups } from './lookups.ts';

/** What DNS has to say of the sender, and what it says. */
export async function checkDns(settings: Settings, lookups: Lookups): Promise<Finding[]> {
  const from = parseMailbox(settings.mailFrom);
  const domain = 'domain' in from ? from.domain : '';
  // SPF is asked of the envelope sender, which is where bounces go too.
  const sender = settings.bounceDomain || domain;
  const [texts, policies, exchanges, dkim, reverse] = await Promise.all([
    lookups.texts(sender),
    findPolicies(domain, lookups),
    lookups.exchanges(sender),
    checkKey(settings, domain, lookups),
    checkReverse(settings.smtpUrl, lookups),
  ]);
  const rows = [
    judgeSpf(sender, texts),
    ...dkim,
    judgeDmarc(domain, policies),
    judgeMx(sender, exchanges),
  ];
  return [...rows, reverse].map((row) => ({ area: 'dns', ...row }));
}

/** The policy of the domain, or of the nearest one above it that has one. */
async function findPolicies(domain: string, lookups: Lookups) {
  const labels = domain.split('.');
  for (let from = 0; from < labels.length - 1; from++) {
    const found = await lookups.texts(`_dmarc.${labels.slice(from).join('.')}`);
    if (found === undefined || found.some((text) => text.startsWith('v=DMARC1'))) return found;
  }
  return [];
}

async function checkKey(settings: Settings, domain: string, lookups: Lookups) {
  const { dkim, dkimDomain, dkimSelector, dkimKey } = settings;
  if (dkim === 'relay' || dkimKey === '') return [];
  const name = { domain: dkimDomain || domain, selector: dkimSelector };
  const record = dkimRecord(name, readDkimKey(dkimKey));
  return [judgeDkimRecord(record, await lookups.texts(record.name))];
}

async function checkReverse(smtpUrl: string, lookups: Lookups) {
  const host = new URL(smtpUrl).hostname.replace(/^\[(.*)\]$/, '$1');
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.');
  const addresses = isIP(host) ? [host] : isLocal ? [] : await lookups.addresses(host);
  if (isLocal) {
    const { id, rule, level, fix } = judgeReverse('this machine', []);
    const found = 'the relay is on this machine: by what address it is seen is not known here';
    return { id, rule, level, fix, outcome: 'unknown', found } as const;
  }
  return judgeReverse(host, addresses && (await lookups.reverse(addresses)));
}
