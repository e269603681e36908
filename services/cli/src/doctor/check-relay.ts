import { MOST_MESSAGE_BYTES } from '@paperboy/email';
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
    loginWays(offers, { hasLogin: login !== 'none set', isLocal }),
    size(offers),
    ...EXTENSIONS.map((extension) => offer(extension, offers)),
  ];
}

/** Ways to log in by user and password, as the library knows them. */
const KNOWN_WAYS = ['PLAIN', 'LOGIN', 'CRAM-MD5'];

function loginWays(
  offers: readonly string[],
  { hasLogin, isLocal }: { readonly hasLogin: boolean; readonly isLocal: boolean },
): Finding {
  const ways = (argumentsOf('AUTH', offers) ?? '').split(' ').filter((way) => way !== '');
  const isKnown = ways.some((way) => KNOWN_WAYS.includes(way));
  const isUnsure = !hasLogin && ways.length > 0 && !isLocal;
  const told = ways.length > 0 ? `${ways.join(', ')} offered` : 'none offered';
  return {
    area: 'relay',
    id: 'relay-auth',
    rule: `The relay lets us in by a way that we know (${KNOWN_WAYS.join(', ')})`,
    level: hasLogin ? 'required' : 'should',
    fix: hasLogin
      ? 'Ask for the port at which mail is handed in, 465 or 587; where no login is wanted, leave user and password out of SMTP_URL.'
      : 'Unless the relay knows this machine by its address, put user and password into SMTP_URL.',
    outcome: isUnsure ? 'unknown' : isKnown || !hasLogin ? 'pass' : 'fail',
    found: hasLogin ? told : `${told}, and SMTP_URL has no user`,
  };
}

/** RFC 1870: a number, or none or 0 where there is no limit. */
function size(offers: readonly string[]): Finding {
  const told = argumentsOf('SIZE', offers);
  const limit = Number(told);
  const isTooSmall = limit > 0 && limit < MOST_MESSAGE_BYTES;
  return {
    area: 'relay',
    id: 'relay-size',
    rule: `The relay takes the largest digest, of ${MOST_MESSAGE_BYTES / 1_000} kB (SIZE)`,
    level: 'required',
    fix: isTooSmall
      ? 'Ask for a higher limit: mails over it are refused, and their readers get none.'
      : 'Nothing has to be done: the answer to a mail that is too big says so.',
    outcome: told === undefined ? 'unknown' : isTooSmall ? 'fail' : 'pass',
    found: told === undefined ? 'SIZE is not offered' : limit > 0 ? `SIZE ${limit}` : 'no limit',
  };
}

interface Extension {
  readonly name: string;
  readonly rule: string;
  /** What it means that it is not there. */
  readonly without: string;
}

const EXTENSIONS: readonly Extension[] = [
  {
    name: 'PIPELINING',
    rule: 'The relay takes commands without waiting for each answer (PIPELINING)',
    without: 'a mail takes four turns to the relay instead of two',
  },
  {
    name: 'CHUNKING',
    rule: 'The relay takes a mail together with its commands (CHUNKING)',
    without: 'a mail takes one turn to the relay more',
  },
  {
    name: 'DSN',
    rule: 'The relay takes wishes for delivery reports (DSN)',
    without: 'bounces are known by their address alone, and say less',
  },
  {
    name: '8BITMIME',
    rule: 'The relay takes all eight bits of a byte (8BITMIME)',
    without: 'mail is written in seven',
  },
  {
    name: 'SMTPUTF8',
    rule: 'The relay takes addresses that are not ASCII (SMTPUTF8)',
    without:
      'addresses such as jörg@example.org are refused at sign-up in any case, with what to do',
  },
];

function offer({ name, rule, without }: Extension, offers: readonly string[]): Finding {
  const isOffered = argumentsOf(name, offers) !== undefined;
  return {
    area: 'relay',
    id: `relay-${name.toLowerCase()}`,
    rule,
    level: 'should',
    fix: `Nothing has to be done: ${without}.`,
    outcome: isOffered ? 'pass' : 'unknown',
    found: isOffered ? name : `${name} is not offered`,
  };
}

/** What stands behind the name of an extension, where it is offered. Some servers write `AUTH=PLAIN`. */
function argumentsOf(name: string, offers: readonly string[]): string | undefined {
  const found = offers.find((line) => line.split(/[ =]/)[0] === name);
  return found?.slice(name.length + 1).trim();
}
