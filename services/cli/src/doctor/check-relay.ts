import type { RelayProbe } from '@paperboy/mailer';
import type { Finding } from '../findings.ts';
import { relayFix } from './relay-fix.ts';

/** What a mailer would meet at the relay. `isLocal`: what is sent there stays on this machine. */
export function checkRelay(
  probe: RelayProbe,
  { isLocal }: { readonly isLocal: boolean },
): Finding[] {
  const reached: Finding = {
    area: 'relay',
    id: 'relay-answers',
    rule: 'The relay answers',
    level: 'required',
    fix: relayFix(probe.kind === 'failed' ? probe.detail : ''),
    outcome: 'pass',
    found: probe.host,
  };
  if (probe.kind === 'failed') {
    return [{ ...reached, outcome: 'fail', found: `${probe.host}: ${probe.detail}` }];
  }
  const { tls, login, offers } = probe;
  return [
    { ...reached, found: `${probe.host}, offers ${offers.join(', ') || 'nothing'}` },
    {
      area: 'relay',
      id: 'relay-tls',
      rule: 'The way to the relay is encrypted',
      level: isLocal ? 'should' : 'required',
      fix: 'Use smtps://, or a port on which the relay offers STARTTLS.',
      outcome: tls || isLocal ? 'pass' : 'fail',
      found: tls ?? 'in the clear, on this machine',
    },
    {
      area: 'relay',
      id: 'relay-login',
      rule: 'The relay takes our login',
      level: 'required',
      fix: 'Check user and password in SMTP_URL; signs such as @ and / are written %40 and %2F there.',
      outcome: typeof login === 'string' ? 'pass' : 'fail',
      found: typeof login === 'string' ? login : login.refused,
    },
    offer('DSN', 'The relay takes wishes for delivery reports (DSN)', offers),
    offer(
      'PIPELINING',
      'The relay takes commands without waiting for each answer (PIPELINING)',
      offers,
    ),
    {
      ...offer('SIZE', 'The relay takes messages of 1 MB', offers),
      ...sizeIn(offers),
    },
    {
      ...offer('SMTPUTF8', 'The relay takes addresses that are not ASCII (SMTPUTF8)', offers),
      fix: 'Nothing has to be done: addresses such as jörg@example.org are refused at sign-up in any case.',
    },
  ];
}

function offer(name: string, rule: string, offers: readonly string[]): Finding {
  const found = offers.find((line) => line.split(' ')[0] === name);
  return {
    area: 'relay',
    id: `relay-${name.toLowerCase()}`,
    rule,
    level: 'should',
    fix: 'Nothing has to be done: without it mail is slower, or bounces say less.',
    outcome: found === undefined ? 'unknown' : 'pass',
    found: found ?? 'not offered',
  };
}

const NEEDED_BYTES = 1_000_000;

function sizeIn(offers: readonly string[]): Partial<Finding> {
  const limit = Number(/^SIZE (\d+)$/m.exec(offers.join('\n'))?.[1] ?? 0);
  return limit > 0 && limit < NEEDED_BYTES
    ? { outcome: 'fail', fix: 'Ask for a higher limit, or show fewer papers in one mail.' }
    : {};
}
