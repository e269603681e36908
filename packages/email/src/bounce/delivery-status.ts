import { type Fields, fieldOf, readFieldGroups, withoutComments } from './fields.ts';
import { type Finding, keptWords, MOST_RECIPIENTS } from './finding.ts';
import { reasonOf } from './reason-of.ts';
import { isHardReason } from './reasons.ts';
import { recipientIn } from './recipient.ts';
import { codeIn, isTransient, strongerCode } from './status-codes.ts';

/** What the delivery-status parts of a report say (RFC 3464), a finding for each recipient. `text` is the report's own prose. */
export function readDeliveryStatus(statuses: readonly string[], text: string): Finding[] {
  const groups = statuses.flatMap(readFieldGroups).filter(isRecipientGroup);
  const findings: Finding[] = [];
  for (const group of groups.slice(0, MOST_RECIPIENTS)) {
    findings.push(findingOf(group, groups.length === 1 ? text : ''));
  }
  return findings;
}

/** The token that we gave the message as its envelope id (RFC 3461 4.4), if the report returns one. */
export function envelopeIdIn(statuses: readonly string[]): string {
  for (const group of statuses.flatMap(readFieldGroups)) {
    const id = fieldOf(group, 'original-envelope-id');
    if (id !== '') return id;
  }
  return '';
}

function isRecipientGroup(group: Fields): boolean {
  return ['final-recipient', 'original-recipient', 'action'].some((name) => group.has(name));
}

type Action = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

function findingOf(group: Fields, text: string): Finding {
  const diagnostic = (group.get('diagnostic-code') ?? []).join(' ');
  const words = diagnostic.replace(/^[ \t]*[\w-]{1,20}[ \t]*;/, '');
  const recipient =
    recipientIn(fieldOf(group, 'final-recipient')) ??
    recipientIn(fieldOf(group, 'original-recipient'));
  const stated = codeIn(fieldOf(group, 'status'));
  const code = strongerCode(codeIn(diagnostic), stated);
  const told = {
    ...(recipient !== undefined && { recipient }),
    ...(code !== undefined && { status: code }),
    ...keptWords(words),
  };
  const action = actionOf(fieldOf(group, 'action'), stated);
  if (action === 'delayed') return { ...told, kind: 'soft', reason: 'delayed' };
  if (action !== 'failed') return { ...told, kind: 'not-a-bounce', reason: action };
  const named = reasonOf(code, words);
  // Some reports name the reason only in the prose beside the fields.
  const reason = named === 'undefined' ? reasonOf(strongerCode(code, codeIn(text)), text) : named;
  return { ...told, kind: isHardReason(reason) ? 'hard' : 'soft', reason };
}

/** Where the action is missing or none that RFC 3464 2.3.3 knows, the class of the status tells. */
function actionOf(field: string, status: string | undefined): Action {
  const word = /^[a-z]+/.exec(withoutComments(field).toLowerCase())?.[0] ?? '';
  switch (word) {
    case 'failed':
    case 'delayed':
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return word;
    default:
      if (status?.startsWith('2')) return 'delivered';
      return status !== undefined && isTransient(status) ? 'delayed' : 'failed';
  }
}
