import type { DomainPace, RelayGate, SpentQuota } from '@paperboy/store';
import { moment } from './moments.ts';

/** What keeps mail from going out, a sentence each. */
export interface MailTroubles {
  readonly attention: readonly string[];
  /** Some of it until a person does something; the rest goes on by itself. */
  readonly isStopped: boolean;
}

export interface MailStanding {
  /** What PAPERBOY_SENDING says. */
  readonly isSending: boolean;
  readonly gate: RelayGate;
  readonly domains: readonly (DomainPace & { readonly domain: string })[];
  /** The one that gives nothing more now. */
  readonly quota: SpentQuota | undefined;
}

/** What an operator is told of how mail stands, a line each, and whether any of it is stopped until somebody acts. */
export function mailTroublesOf({ isSending, gate, domains, quota }: MailStanding): MailTroubles {
  return {
    attention: [
      ...(isSending ? [] : ['sending is off: PAPERBOY_SENDING=on delivers what waits']),
      ...relayIn(gate),
      ...(quota ? [quotaIn(quota)] : []),
      ...domains.map(domainIn),
    ],
    isStopped: !isSending || gate.kind === 'held' || domains.some(({ trouble }) => trouble),
  };
}

function relayIn(gate: RelayGate): string[] {
  if (gate.kind === 'held')
    return [
      `mail is stopped until somebody mends it and says so by "paperboy mail retry": ${gate.code}: ${gate.detail}`,
    ];
  if (gate.kind !== 'open') return [];
  return [`mail waits for the relay until ${moment(gate.until)}: ${gate.code}: ${gate.detail}`];
}

function quotaIn({ setting, most, until }: SpentQuota): string {
  return `${setting}=${most} is used up: mail goes on at ${moment(until)}`;
}

function domainIn({ domain, most, deadUntil, trouble }: MailStanding['domains'][number]): string {
  if (!deadUntil) return `${domain} takes ${most} mails at a time`;
  const why = trouble ? `: ${trouble.code}: ${trouble.detail}` : '';
  return `${domain} takes no mail until ${moment(deadUntil)}${why}`;
}
