import { asPaperboyError } from '@paperboy/core';
import { checkMessage, findDkim, parseMailbox, type SignedLinks, spamScore } from '@paperboy/email';
import { sampleMessage } from '@paperboy/mailer';
import type { Settings } from '@paperboy/runtime';
import type { Finding } from '../findings.ts';
import { spamFinding } from '../spam-finding.ts';
import { type Lookups, recordOf } from './lookups.ts';

/**
 * Renders and signs a digest of made-up papers and holds it to the checklist, its signature to the key in DNS. Nothing
 * is sent. Without `lookups` the signature is not verified.
 */
export async function checkSample(
  { settings, links }: { readonly settings: Settings; readonly links: SignedLinks },
  { now, lookups, withSpam }: SampleOptions,
): Promise<Finding[]> {
  try {
    const from = parseMailbox(settings.mailFrom);
    const message = await sampleMessage({ settings, links }, { to: 'ada@example.com', now });
    const dkim = lookups && (await findDkim(message.raw, (name) => recordOf(lookups, name)));
    const rows = await checkMessage(message.raw, {
      envelope: { from: message.from, to: [message.to] },
      relaySigns: settings.dkim === 'relay',
      ...('domain' in from && { ourDomain: from.domain }),
      ...(dkim && { dkim }),
    });
    const findings: Finding[] = rows.map((row) => ({ area: 'message', ...row }));
    return withSpam ? [...findings, spamFinding(await spamScore(message.raw))] : findings;
  } catch (thrown) {
    const { code, detail, help } = asPaperboyError(thrown);
    const found = `${code}: ${detail}`;
    const rule = 'A digest can be built and signed';
    return [
      { area: 'message', id: 'build', rule, level: 'required', outcome: 'fail', found, fix: help },
    ];
  }
}

export interface SampleOptions {
  readonly now: Date;
  readonly lookups: Lookups | undefined;
  readonly withSpam: boolean;
}
