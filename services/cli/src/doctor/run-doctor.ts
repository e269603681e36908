import { asPaperboyError } from '@paperboy/core';
import { createLinks } from '@paperboy/email';
import { probeRelay } from '@paperboy/mailer';
import { openHome, readSettings, type Settings } from '@paperboy/runtime';
import type { CliContext } from '../context.ts';
import type { Finding } from '../findings.ts';
import { withShared } from '../shared.ts';
import { checkDns } from './check-dns.ts';
import { checkRelay } from './check-relay.ts';
import { checkSample } from './check-sample.ts';
import { checkSettings } from './check-settings.ts';
import { checkSystem } from './check-system.ts';
import { openLookups } from './lookups.ts';

export interface DoctorOptions {
  /** The DNS server to ask, such as `127.0.0.1:5353`; those of this machine when left out. */
  readonly dns?: string | undefined;
  readonly withSpam: boolean;
}

/**
 * Looks at everything that mail needs before it leaves. Sends nothing and changes nothing. While mail stays in the
 * development inbox its rules are only to be improved: nobody else holds us to them.
 */
export async function runDoctor(context: CliContext, options: DoctorOptions): Promise<Finding[]> {
  const settings = readSettings(context.env);
  const system = await systemFindings(context);
  const mail = await mailFindings(settings, context.now(), options);
  return [...system, ...mail];
}

/** What a mail needs to be taken: settings, DNS, relay and its own form. */
export async function mailFindings(
  settings: Settings,
  now: Date,
  { dns, withSpam }: DoctorOptions,
): Promise<Finding[]> {
  const { smtpUrl } = settings;
  const secret = settings.secret || openHome(settings.home).secret();
  const links = createLinks({ secret, publicUrl: settings.publicUrl });
  if (smtpUrl === 'inbox') {
    const sample = await checkSample({ settings, links }, { now, lookups: undefined, withSpam });
    return [STAYS_HERE, ...checkSettings(settings), ...sample].map((row) => ({
      ...row,
      level: 'should',
    }));
  }
  const lookups = openLookups(dns);
  const isLocal = /^(?:localhost|127\.|\[::1\])/.test(new URL(smtpUrl).hostname);
  const [records, relay] = await Promise.all([
    checkDns(settings, lookups),
    probeRelay({ url: smtpUrl, timeoutMs: settings.smtpTimeoutMs }),
  ]);
  // By itself: compiling the layout keeps the process busy, and a greeting would seem late.
  const sample = await checkSample({ settings, links }, { now, lookups, withSpam });
  return [...checkSettings(settings), ...records, ...checkRelay(relay, { isLocal }), ...sample];
}

const STAYS_HERE: Finding = {
  area: 'relay',
  id: 'relay-answers',
  rule: 'Mail leaves this machine',
  level: 'should',
  outcome: 'unknown',
  found: 'SMTP_URL is the development inbox; DNS and relay were not looked at',
  fix: 'Set SMTP_URL to a relay, and ask again.',
};

/** A database that does not answer is a finding, not the end. */
async function systemFindings(context: CliContext): Promise<Finding[]> {
  try {
    let findings: Finding[] = [];
    await withShared(
      context,
      async (shared) => {
        findings = await checkSystem(shared);
      },
      { checksMigrations: false },
    );
    return findings;
  } catch (thrown) {
    const { code, detail, help } = asPaperboyError(thrown);
    const rule = 'The database answers';
    const found = `${code}: ${detail}`;
    return [
      {
        area: 'system',
        id: 'database',
        rule,
        level: 'required',
        outcome: 'fail',
        found,
        fix: help,
      },
    ];
  }
}
