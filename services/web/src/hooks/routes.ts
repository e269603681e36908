import { createHash, timingSafeEqual } from 'node:crypto';
import { isComplaintAlarm } from '@paperboy/core';
import { deliveryTokensInText } from '@paperboy/email';
import { complaintShare, isSpamComplaint, recordReturn } from '@paperboy/store';
import { type Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { auth } from 'hono/utils/basic-auth';
import type { WebDeps } from '../deps.ts';
import type { HookEvent } from './hook-event.ts';
import { parseJson, textAt } from './json.ts';
import { isSignedByMailgun, mailgunEvents } from './mailgun.ts';
import { postmarkEvents } from './postmark.ts';
import { isSignedBySendgrid, sendgridEvents } from './sendgrid.ts';
import { sesEvents } from './ses.ts';
import { type FetchText, fetchText, SnsVerifier, snsAddress } from './sns-message.ts';

const MOST_EVENTS = 2_000;

type HookDeps = Pick<WebDeps, 'db' | 'links' | 'settings' | 'log' | 'now'>;

/**
 * Where mail providers post what came back: `/hooks/ses`, `postmark`, `sendgrid`, `mailgun`. One that is not set up is
 * not there. Each has to prove itself in its provider's own way, and even then an event counts only with the token of
 * one of our deliveries. The same again changes nothing, so that replays do no harm.
 */
export function hookRoutes(deps: HookDeps, fetchPage: FetchText = fetchText): Hono {
  const { settings, log, now = () => new Date() } = deps;
  const sns = new SnsVerifier(fetchPage);
  const refused = refusals(log, now);
  const routes = new Hono();

  routes.post('/hooks/ses', async (c) => {
    demand(settings.hookSesTopic !== '', c);
    // SNS says text/plain.
    const message = parseJson(await c.req.text());
    if (textAt(message, 'TopicArn') !== settings.hookSesTopic) {
      throw refused('ses', 'it is of another topic than HOOK_SES_TOPIC');
    }
    const kind = await sns.verifiedKind(message, now());
    if (kind === undefined) throw refused('ses', 'SNS did not sign it');
    if (kind === 'Notification') {
      return c.json(await take(deps, sesEvents(parseJson(textAt(message, 'Message'))), 'ses'));
    }
    const address = snsAddress(textAt(message, 'SubscribeURL'));
    if (!address) throw refused('ses', 'SubscribeURL is no address of SNS');
    await fetchPage(address);
    log.info('hook.subscribed', { topic: settings.hookSesTopic });
    return c.json({ subscribed: true });
  });

  routes.post('/hooks/postmark', async (c) => {
    const { hookPostmarkPassword: password } = settings;
    demand(password !== '', c);
    const given = auth(c.req.raw);
    if (given?.username !== 'postmark' || !isEqual(given.password, password)) {
      c.header('WWW-Authenticate', 'Basic realm="Paperboy hooks"');
      const why = 'user and password are not postmark and HOOK_POSTMARK_PASSWORD';
      throw refused('postmark', why, 401);
    }
    return c.json(await take(deps, postmarkEvents(parseJson(await c.req.text())), 'postmark'));
  });

  routes.post('/hooks/sendgrid', async (c) => {
    demand(settings.hookSendgridKey !== '', c);
    const body = Buffer.from(await c.req.arrayBuffer());
    const header = (name: string) => c.req.header(`x-twilio-email-event-webhook-${name}`) ?? '';
    const proof = { signature: header('signature'), timestamp: header('timestamp'), body };
    if (!isSignedBySendgrid(settings.hookSendgridKey, proof)) {
      throw refused('sendgrid', 'HOOK_SENDGRID_KEY did not sign it');
    }
    const events = sendgridEvents(parseJson(body.toString('utf8')));
    return c.json(await take(deps, events, 'sendgrid'));
  });

  routes.post('/hooks/mailgun', async (c) => {
    demand(settings.hookMailgunKey !== '', c);
    const message = parseJson(await c.req.text());
    if (!isSignedByMailgun(settings.hookMailgunKey, message)) {
      throw refused('mailgun', 'HOOK_MAILGUN_KEY did not sign it');
    }
    return c.json(await take(deps, mailgunEvents(message), 'mailgun'));
  });

  return routes;
}

function demand(isSetUp: boolean, c: Context): void {
  if (!isSetUp) throw new HTTPException(404, { message: `${c.req.path} is not set up.` });
}

const TELL_AGAIN_MS = 10 * 60_000;

/**
 * Answers to what does not prove who sent it. The log tells of each provider's first, and then once in ten minutes: a key
 * that was mistyped shows there, and whoever tries keys cannot fill it.
 */
function refusals(log: WebDeps['log'], now: () => Date) {
  const toldAt = new Map<string, number>();
  return (via: string, why: string, status: 401 | 403 = 403): HTTPException => {
    const at = now().getTime();
    if (at - (toldAt.get(via) ?? Number.NEGATIVE_INFINITY) >= TELL_AGAIN_MS) {
      toldAt.set(via, at);
      log.warn('hook.refused', { via, why });
    }
    return new HTTPException(status, { message: `This does not prove who sent it: ${why}.` });
  };
}

/** Digests of equal length first, as the comparison needs them. */
function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** Draws the consequences; how many events were of our deliveries. */
async function take(
  { db, links, log }: HookDeps,
  events: readonly HookEvent[],
  via: string,
): Promise<{ events: number; taken: number }> {
  let taken = 0;
  let complaints = 0;
  for (const { carriers, returned } of events.slice(0, MOST_EVENTS)) {
    const tokens = deliveryTokensInText(carriers.join('\n'));
    const read = tokens.map(links.readDeliveryToken).find((found) => found !== undefined);
    if (!read) continue;
    taken += 1;
    const effect = await recordReturn(db, read.id, returned, via);
    if (effect === 'known') continue;
    if (isSpamComplaint(returned)) complaints += 1;
    if (returned.kind === 'arrived') continue;
    log.info('bounce.received', { deliveryId: read.id, kind: returned.kind, effect, via });
  }
  if (complaints > 0) {
    const share = await complaintShare(db);
    if (isComplaintAlarm(share)) log.error('complaints.alarm', { ...share });
  }
  return { events: events.length, taken };
}
