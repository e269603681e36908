import type { QueueCounts } from '@paperboy/queue';
import type { DomainPace, RelayGate, SourceTrouble, SpentQuota } from '@paperboy/store';

/** What an overview is made of. */
export interface Standing {
  /** Whether PAPERBOY_SENDING lets mail out. */
  readonly sending: boolean;
  readonly relay: RelayGate;
  readonly domains: readonly (DomainPace & { readonly domain: string })[];
  /** The one that gives nothing more now. */
  readonly quota: SpentQuota | undefined;
  readonly troubles: readonly SourceTrouble[];
  readonly uncertain: number;
  readonly heldEditions: number;
  /** Undefined where the queue does not answer. */
  readonly queues: readonly QueueCounts[] | undefined;
}

/** Something a person should look at, and the page to do it on. */
export interface Attention {
  /** Mail waits for it; else it is only to be known. */
  readonly stopsMail: boolean;
  readonly text: string;
  readonly href: string;
}

/** What stops mail now, then what else is not as it should be. Pure. */
export function attentionTo(standing: Standing): Attention[] {
  const found = [
    ...sendingOff(standing),
    ...relayTrouble(standing),
    ...quotaSpent(standing),
    ...queueTrouble(standing),
    ...editionsHeld(standing),
    ...slowDomains(standing),
    ...uncertainOnes(standing),
    ...sourceTroubles(standing),
  ];
  return [
    ...found.filter(({ stopsMail }) => stopsMail),
    ...found.filter(({ stopsMail }) => !stopsMail),
  ];
}

function sendingOff({ sending }: Standing): Attention[] {
  if (sending) return [];
  const text = 'Sending is off: PAPERBOY_SENDING=on delivers what waits.';
  return [{ stopsMail: true, text, href: '/admin/settings' }];
}

function relayTrouble({ relay }: Standing): Attention[] {
  if (relay.kind === 'held') {
    const text = `Mail is stopped until somebody mends it: ${relay.code}: ${relay.detail}`;
    return [{ stopsMail: true, text, href: '/admin/deliveries' }];
  }
  if (relay.kind !== 'open') return [];
  const text = `Mail waits for the relay until ${clock(relay.until)}: ${relay.code}: ${relay.detail}`;
  return [{ stopsMail: true, text, href: '/admin/deliveries' }];
}

function quotaSpent({ quota }: Standing): Attention[] {
  if (!quota) return [];
  const text = `${quota.setting}=${quota.most} is used up: mail goes on at ${clock(quota.until)}.`;
  return [{ stopsMail: true, text, href: '/admin/settings' }];
}

function queueTrouble({ queues }: Standing): Attention[] {
  const href = '/admin/jobs';
  if (!queues) return [{ stopsMail: true, text: 'The queue does not answer.', href }];
  return queues.flatMap(({ queue, paused, workers, failed }) => [
    ...(paused ? [{ stopsMail: queue === 'mailer', text: `Queue ${queue} is paused.`, href }] : []),
    ...(workers === 0
      ? [{ stopsMail: queue === 'mailer', text: `Nobody works on queue ${queue}.`, href }]
      : []),
    ...(failed > 0
      ? [{ stopsMail: false, text: `${counted(failed, 'job')} of ${queue} failed.`, href }]
      : []),
  ]);
}

function editionsHeld({ heldEditions }: Standing): Attention[] {
  if (heldEditions === 0) return [];
  const text = `${counted(heldEditions, 'edition')} held back.`;
  return [{ stopsMail: true, text, href: '/admin/editions' }];
}

function slowDomains({ domains }: Standing): Attention[] {
  return domains.map(({ domain, most, deadUntil, trouble }) => ({
    stopsMail: deadUntil !== null,
    text: deadUntil
      ? `${domain} takes no mail until ${clock(deadUntil)}${trouble ? `: ${trouble.code}: ${trouble.detail}` : '.'}`
      : `${domain} takes ${most} mails at a time.`,
    href: `/admin/deliveries?domain=${encodeURIComponent(domain)}`,
  }));
}

function uncertainOnes({ uncertain }: Standing): Attention[] {
  if (uncertain === 0) return [];
  const text = `${counted(uncertain, 'uncertain delivery', 'uncertain deliveries')}: the relay's answer was lost.`;
  return [{ stopsMail: false, text, href: '/admin/deliveries?state=uncertain' }];
}

function sourceTroubles({ troubles }: Standing): Attention[] {
  return troubles.map(({ sourceName, sourceTitle, kind, note, times }) => ({
    stopsMail: false,
    text: `${sourceTitle}: ${kind}${times > 1 ? `, ${times} in a row` : ''}${note ? `: ${note}` : ''}`,
    href: `/admin/sources/${sourceName}`,
  }));
}

const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

const clock = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
