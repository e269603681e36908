import { parseMailbox } from '@paperboy/email';
import type { Settings } from '@paperboy/runtime';
import type { Finding } from '../findings.ts';

/** Texts that stand in examples everywhere, and so are no secrets. */
const KNOWN_TEXT =
  /^(?:change[-_ ]?me|secret|password|passw0rd|paperboy|postgres|admin|test|example|32-random.*|\W*)$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Settings that are valid each by itself and wrong for mail that leaves. */
export function checkSettings(settings: Settings): Finding[] {
  const { sending, postalAddress, publicUrl, httpHost, adminPassword } = settings;
  const from = parseMailbox(settings.mailFrom);
  const domain = 'domain' in from ? from.domain : '';
  const isPublic = !LOOPBACK.test(new URL(publicUrl).hostname) || !LOOPBACK.test(httpHost);
  return [
    row(
      'sending',
      'should',
      'Mail is sent',
      sending,
      sending ? 'on' : 'PAPERBOY_SENDING is off: digests are planned and wait',
      'Set PAPERBOY_SENDING=on when all else is ready.',
    ),
    row(
      'mail-from',
      'required',
      'MAIL_FROM is an address of your own domain',
      domain !== '' && !/(?:^|\.)(?:example(?:\.\w+)?|localhost|test|invalid)$/.test(domain),
      settings.mailFrom,
      'Set MAIL_FROM to an address whose mail somebody reads.',
    ),
    row(
      'public-url',
      'required',
      'PUBLIC_URL is where readers reach the web service, by https',
      publicUrl.startsWith('https:'),
      publicUrl,
      'Set PUBLIC_URL to an https address: one-click leaving works over nothing else.',
    ),
    secretRow(settings.secret),
    row(
      'admin-password',
      isPublic ? 'required' : 'should',
      'The operator’s pages have a password that is hard to guess',
      adminPassword.length >= 12 && !KNOWN_TEXT.test(adminPassword),
      adminPassword === ''
        ? 'none: they open to requests of this machine alone'
        : adminPassword.length < 12
          ? `${adminPassword.length} characters`
          : 'set',
      'Set ADMIN_PASSWORD to 12 characters or more that nobody else uses.',
    ),
    databaseRow(settings.databaseUrl),
    bouncesRow(settings),
    row(
      'postal-address',
      'should',
      'The footer has a postal address, where the law asks for one',
      postalAddress !== '',
      postalAddress || 'none',
      'Set MAIL_POSTAL_ADDRESS if you mail more than yourself and friends.',
    ),
  ];
}

function secretRow(secret: string): Finding {
  const isGood = secret === '' || (secret.length >= 32 && !KNOWN_TEXT.test(secret));
  const found =
    secret === ''
      ? 'made by itself, in the data folder'
      : isGood
        ? `${secret.length} characters`
        : secret.length < 32
          ? `${secret.length} characters`
          : 'the text of an example';
  const fix =
    'Set PAPERBOY_SECRET to 32 random characters, such as openssl rand -base64 32 prints.';
  return row(
    'secret',
    'required',
    'Links are signed with a secret of your own',
    isGood,
    found,
    fix,
  );
}

function bouncesRow(settings: Settings): Finding {
  const { bounceDomain, bounceListen } = settings;
  const hooks = [
    settings.hookSesTopic && 'SES',
    settings.hookPostmarkPassword && 'Postmark',
    settings.hookSendgridKey && 'SendGrid',
    settings.hookMailgunKey && 'Mailgun',
  ].filter(Boolean);
  const ways = [
    ...(bounceDomain === ''
      ? []
      : [
          `${bounceDomain}, ${bounceListen === '' ? 'taken in by another program' : `on ${bounceListen}`}`,
        ]),
    ...(hooks.length === 0 ? [] : [`webhooks of ${hooks.join(', ')}`]),
  ];
  const found =
    ways.join('; ') || 'BOUNCE_DOMAIN is not set: they go to MAIL_FROM, and nobody reads them';
  const fix =
    'Set BOUNCE_DOMAIN and BOUNCE_LISTEN, let your provider post to a webhook, or hand its mail over another way.';
  return row('bounces', 'should', 'Bounces come back to Paperboy', ways.length > 0, found, fix);
}

function databaseRow(databaseUrl: string): Finding {
  const url = databaseUrl === 'embedded' ? undefined : new URL(databaseUrl);
  const isKnown = url !== undefined && url.password !== '' && KNOWN_TEXT.test(url.password);
  return row(
    'database-password',
    'should',
    'The database has no password that everybody knows',
    !isKnown,
    url === undefined ? 'embedded' : isKnown ? 'the text of an example' : 'set',
    'Change the password of the database user, and DATABASE_URL.',
  );
}

function row(
  id: string,
  level: Finding['level'],
  rule: string,
  holds: boolean,
  found: string,
  fix: string,
): Finding {
  return { area: 'settings', id, level, rule, outcome: holds ? 'pass' : 'fail', found, fix };
}
