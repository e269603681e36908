import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type DeliveryId, idOf, type SubscriberId } from '@paperboy/core';
import { makeSelfSigned } from '@paperboy/runtime';
import { ensureSubscriber, findSubscriber, listReturns } from '@paperboy/store';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hookRoutes } from '../src/hooks/routes.ts';
import { textOf } from './markup.ts';
import { links, openWeb, rowsDigest, type TestWeb } from './support.ts';

const DAY = 24 * 3600_000;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces';
const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem';
const certificate = makeSelfSigned(
  'sns.amazonaws.com',
  new Date(Date.now() - DAY),
  new Date(Date.now() + DAY),
);
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const secrets = {
  hookSesTopic: TOPIC,
  hookPostmarkPassword: 'a password of the tests',
  hookSendgridKey: curve.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  hookMailgunKey: 'a key of the tests',
};

let web: TestWeb;
let hooks: Hono;
const fetched: string[] = [];
beforeAll(async () => {
  web = await openWeb();
  const deps = { ...web.deps, settings: { ...web.deps.settings, ...secrets } };
  hooks = new Hono().route(
    '/',
    hookRoutes(deps, async (url) => {
      fetched.push(url.href);
      return certificate.pem;
    }),
  );
});
afterAll(() => web.close());

let readers = 0;
async function delivered(): Promise<{ id: SubscriberId; delivery: DeliveryId; messageId: string }> {
  const address = `hooked-${++readers}@example.com`;
  const { id } = await ensureSubscriber(web.store.db, {
    address,
    domain: 'example.com',
    addressHash: links.addressHash(address),
    schedule: { cadence: 'daily', weekdays: [1, 2, 3, 4, 5, 6, 7], hour: 7, zone: 'UTC' },
    topics: [],
  });
  const { rows } = await web.store.pool.query<{ id: string }>(
    `with made as (insert into edition (cadence, window_end, through_no, send_until)
       values ('daily', now() + $2 * interval '1 hour', 0, now()) returning id)
     insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, state, accepted_at)
     select id, $1, 'example.com', '{1}', '{}', 'accepted', now() from made returning id`,
    [id, readers],
  );
  const delivery = idOf('delivery', rows[0]?.id ?? '');
  return { id, delivery, messageId: links.messageId(delivery, 'example.org') };
}

const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  hooks.request(path, { method: 'POST', body, headers });
const suppressed = async (id: SubscriberId) =>
  (await findSubscriber(web.store.db, id)).suppressedFor;

interface SnsOptions {
  readonly type?: string;
  readonly key?: KeyObject;
  readonly over?: Record<string, string>;
}

function sns(message: object, { type = 'Notification', key, over = {} }: SnsOptions = {}): string {
  const fields: Record<string, string> = {
    Message: JSON.stringify(message),
    MessageId: 'm-1',
    ...(type === 'SubscriptionConfirmation' && {
      SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t',
      Token: 't',
    }),
    Timestamp: '2026-03-11T07:31:00.000Z',
    TopicArn: TOPIC,
    Type: type,
    ...over,
  };
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}\n${fields[name]}\n`)
    .join('');
  const signature = sign('sha256', Buffer.from(text), key ?? certificate.key).toString('base64');
  return JSON.stringify({
    ...fields,
    SignatureVersion: '2',
    Signature: signature,
    SigningCertURL: CERTIFICATE_URL,
  });
}

const sesBounce = (source: string) => ({
  notificationType: 'Bounce',
  bounce: {
    bounceType: 'Permanent',
    bounceSubType: 'NoEmail',
    bouncedRecipients: [
      {
        emailAddress: 'x@example.com',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
      },
    ],
  },
  mail: { source, messageId: 'ses-1' },
});

function sendgrid(events: readonly (object | null)[], key: KeyObject = curve.privateKey) {
  const body = Buffer.from(JSON.stringify(events));
  const timestamp = '1773214260';
  const signed = Buffer.concat([Buffer.from(timestamp), body]);
  const headers = {
    'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', signed, key).toString('base64'),
    'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
  };
  return { body, headers };
}

function mailgun(event: object, key = secrets.hookMailgunKey): string {
  const timestamp = '1773214260';
  const token = 'c'.repeat(50);
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  return JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': event });
}

const basic = (password: string, user = 'postmark') => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

test('SES: a signed bounce counts by the envelope sender, and a replay changes nothing', async () => {
  const { id, delivery } = await delivered();
  const body = sns(sesBounce(`bounce+${links.deliveryToken(delivery)}@bounces.example.org`));
  const answer = await post('/hooks/ses', body);
  expect(await answer.json()).toEqual({ events: 1, taken: 1 });
  expect(await suppressed(id)).toBe('hard-bounce');
  const before = await rowsDigest(web.store);
  for (let time = 0; time < 3; time += 1) expect((await post('/hooks/ses', body)).status).toBe(200);
  expect(await rowsDigest(web.store)).toBe(before);
  expect(fetched.filter((url) => url === CERTIFICATE_URL)).toHaveLength(1);
});

const changed = (body: string, change: Record<string, string>) =>
  JSON.stringify({ ...JSON.parse(body), ...change });
const own = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
test.each([
  ['another key', () => sns({}, { key: own })],
  ['a changed message', () => changed(sns({}), { Message: '{"a":1}' })],
  ['another topic', () => sns({}, { over: { TopicArn: `${TOPIC}2` } })],
  ['no signature', () => changed(sns({}), { Signature: '' })],
  ['an unknown version', () => changed(sns({}), { SignatureVersion: '3' })],
  [
    'a certificate of somebody else',
    () =>
      changed(sns({}), {
        SigningCertURL:
          'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem',
      }),
  ],
  [
    'a certificate over http',
    () => changed(sns({}), { SigningCertURL: CERTIFICATE_URL.replace('https', 'http') }),
  ],
  [
    'a certificate of a bucket',
    () =>
      changed(sns({}), {
        SigningCertURL: 'https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem',
      }),
  ],
  [
    'a certificate behind a login',
    () =>
      changed(sns({}), {
        SigningCertURL:
          'https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem',
      }),
  ],
  [
    'a certificate on another port',
    () =>
      changed(sns({}), {
        SigningCertURL: 'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem',
      }),
  ],
  [
    'a certificate under another path',
    () => changed(sns({}), { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/other.pem' }),
  ],
  ['a kind that nobody needs', () => sns({}, { type: 'UnsubscribeConfirmation' })],
  ['no JSON', () => '{'],
  ['nothing', () => ''],
])('SES: %s is refused, and no address is asked that is not SNS', async (_, make) => {
  const before = fetched.length;
  expect((await post('/hooks/ses', make())).status).toBe(403);
  for (const url of fetched.slice(before)) expect(url).toBe(CERTIFICATE_URL);
});

test('SES: a subscription is confirmed for the topic of the setting, at SNS alone', async () => {
  const answer = await post('/hooks/ses', sns({}, { type: 'SubscriptionConfirmation' }));
  expect(await answer.json()).toEqual({ subscribed: true });
  expect(fetched.at(-1)).toContain('Action=ConfirmSubscription');
  const count = fetched.length;
  const elsewhere = sns(
    {},
    {
      type: 'SubscriptionConfirmation',
      over: { SubscribeURL: 'https://evil.example/?Action=ConfirmSubscription' },
    },
  );
  expect((await post('/hooks/ses', elsewhere)).status).toBe(403);
  expect(fetched).toHaveLength(count);
});

test('SES: a certificate out of its time is none', async () => {
  const old = makeSelfSigned(
    'sns.amazonaws.com',
    new Date(Date.now() - 3 * DAY),
    new Date(Date.now() - DAY),
  );
  const deps = { ...web.deps, settings: { ...web.deps.settings, ...secrets } };
  const late = new Hono().route(
    '/',
    hookRoutes(deps, async () => old.pem),
  );
  const answer = await late.request('/hooks/ses', {
    method: 'POST',
    body: sns({}, { key: old.key }),
  });
  expect(answer.status).toBe(403);
});

test('SES: a complaint is leaving', async () => {
  const { id, delivery } = await delivered();
  const source = `bounce+${links.deliveryToken(delivery)}@bounces.example.org`;
  const complaint = {
    eventType: 'Complaint',
    complaint: { complaintFeedbackType: 'abuse' },
    mail: { source },
  };
  await post('/hooks/ses', sns(complaint));
  expect(await findSubscriber(web.store.db, id)).toMatchObject({
    state: 'left',
    suppressedFor: 'complaint',
  });
});

test('Postmark: by its password, and by the metadata that the message carried', async () => {
  const { id, delivery } = await delivered();
  const bounce = JSON.stringify({
    RecordType: 'Bounce',
    Type: 'HardBounce',
    Details: 'smtp;550 5.1.1 user unknown',
    Metadata: { delivery: links.deliveryToken(delivery) },
  });
  for (const headers of [{}, basic('wrong'), basic(secrets.hookPostmarkPassword, 'admin')]) {
    expect((await post('/hooks/postmark', bounce, headers)).status).toBe(401);
  }
  expect(await suppressed(id)).toBeNull();
  const answer = await post('/hooks/postmark', bounce, basic(secrets.hookPostmarkPassword));
  expect(await answer.json()).toEqual({ events: 1, taken: 1 });
  expect(await suppressed(id)).toBe('hard-bounce');
});

test('Postmark: who leaves by its own link has left, who is taken off by hand has not', async () => {
  const { id, delivery } = await delivered();
  const change = (own: object) =>
    post(
      '/hooks/postmark',
      JSON.stringify({
        RecordType: 'SubscriptionChange',
        SuppressSending: true,
        SuppressionReason: 'ManualSuppression',
        Metadata: { delivery: links.deliveryToken(delivery) },
        ...own,
      }),
      basic(secrets.hookPostmarkPassword),
    );
  for (const own of [
    { Origin: 'Customer' },
    { Origin: 'Recipient', SuppressSending: false, SuppressionReason: null },
    { Origin: 'Recipient', SuppressionReason: 'HardBounce' },
  ]) {
    expect(await (await change(own)).json()).toEqual({ events: 0, taken: 0 });
  }
  expect(await suppressed(id)).toBeNull();
  expect(await (await change({ Origin: 'Recipient' })).json()).toEqual({ events: 1, taken: 1 });
  // No complaint: whoever only left may sign up again.
  expect(await findSubscriber(web.store.db, id)).toMatchObject({
    state: 'left',
    suppressedFor: 'left',
  });
});

test('SendGrid: a signed batch, each event on its own', async () => {
  const [gone, angry, blocked] = [await delivered(), await delivered(), await delivered()];
  const { body, headers } = sendgrid([
    {
      event: 'bounce',
      type: 'bounce',
      reason: '550 5.1.1 no such user',
      status: '5.1.1',
      'smtp-id': gone.messageId,
    },
    { event: 'spamreport', 'smtp-id': angry.messageId },
    {
      event: 'bounce',
      type: 'blocked',
      reason: '550 5.1.1 unknown user',
      'smtp-id': blocked.messageId,
    },
    { event: 'open', 'smtp-id': gone.messageId },
    {
      event: 'bounce',
      reason: '550 5.1.1 no',
      'smtp-id': '<d.aaaaaaaaaaaaaaaaaaaaaaaa@example.org>',
    },
    null,
  ]);
  expect(await (await post('/hooks/sendgrid', body, headers)).json()).toEqual({
    events: 4,
    taken: 3,
  });
  expect(await suppressed(gone.id)).toBe('hard-bounce');
  expect(await suppressed(angry.id)).toBe('complaint');
  expect(await suppressed(blocked.id)).toBeNull();
});

test('SendGrid: another key, a changed body, a changed time and no signature are refused', async () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const { body, headers } = sendgrid([]);
  const timed = { ...headers, 'X-Twilio-Email-Event-Webhook-Timestamp': '1773214261' };
  for (const [given, sent] of [
    [sendgrid([], other).headers, body],
    [headers, Buffer.from('[ ]')],
    [timed, body],
    [{}, body],
  ] as const) {
    expect((await post('/hooks/sendgrid', sent, given)).status).toBe(403);
  }
  expect((await post('/hooks/sendgrid', body, headers)).status).toBe(200);
});

test('Mailgun: by its HMAC, a temporary failure is only a delay', async () => {
  const [gone, slow] = [await delivered(), await delivered()];
  const event = (messageId: string, severity: string) => ({
    event: 'failed',
    severity,
    reason: 'bounce',
    'delivery-status': { code: 550, message: '5.1.1 no such user' },
    message: { headers: { 'message-id': messageId.slice(1, -1) } },
  });
  expect(
    (await post('/hooks/mailgun', mailgun(event(gone.messageId, 'permanent'), 'wrong'))).status,
  ).toBe(403);
  expect((await post('/hooks/mailgun', '{}')).status).toBe(403);
  for (const body of [
    mailgun(event(gone.messageId, 'permanent')),
    mailgun(event(slow.messageId, 'temporary')),
  ]) {
    expect(await (await post('/hooks/mailgun', body)).json()).toEqual({ events: 1, taken: 1 });
  }
  expect(await suppressed(gone.id)).toBe('hard-bounce');
  expect(await suppressed(slow.id)).toBeNull();
  const [told] = await listReturns(web.store.db, { subscriberId: gone.id, limit: 1 });
  expect(told).toMatchObject({ reason: 'unknown-user', status: '5.1.1' });
  const shown = textOf(await web.page('/admin/bounces'));
  expect(shown).toContain('unknown-user 5.1.1 no such user');
});

test('who is refused is told why in JSON, and the log tells it once', async () => {
  const { get } = web.under(secrets);
  const warn = vi.spyOn(web.deps.log, 'warn');
  for (const _ of [1, 2]) {
    const answer = await get('/hooks/mailgun', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({
      detail: expect.stringContaining('HOOK_MAILGUN_KEY'),
    });
  }
  const told = warn.mock.calls.filter(([event]) => event === 'hook.refused');
  expect(told).toEqual([['hook.refused', expect.objectContaining({ via: 'mailgun' })]]);
  warn.mockRestore();
});

test.each(['ses', 'postmark', 'sendgrid', 'mailgun'])(
  '%s is not there unless it is set up, and never by GET',
  async (name) => {
    expect((await web.get(`/hooks/${name}`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await hooks.request(`/hooks/${name}`)).status).toBe(404);
  },
);

test('a batch may be larger than a form, and no larger than a mebibyte', async () => {
  const { get } = web.under(secrets);
  const send = (bytes: number) => {
    const { body, headers } = sendgrid([{ event: 'open', filler: 'x'.repeat(bytes) }]);
    return get('/hooks/sendgrid', { method: 'POST', body, headers });
  };
  expect((await send(500_000)).status).toBe(200);
  expect((await send(1_100_000)).status).toBe(413);
});
