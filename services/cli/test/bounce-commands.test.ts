import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { idOf } from '@paperboy/core';
import { createLinks } from '@paperboy/email';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { field, type Installation, installation } from './support.ts';

const secret = 'a secret that the commands of a test share';
const links = createLinks({ secret, publicUrl: 'http://localhost:3080' });

let paperboy: Installation;
beforeAll(async () => {
  paperboy = await installation({ PAPERBOY_SECRET: secret });
  await paperboy.facts('subscriber', 'add', 'ada@example.com', '--topic', 'flow');
  const [made] = await paperboy.query(`
    with made as (insert into edition (cadence, window_end, through_no, send_until)
      values ('daily', now(), 0, now()) returning id)
    insert into delivery (edition_id, subscriber_id, domain, new_papers, recurring_papers, state, accepted_at)
    select made.id, subscriber.id, 'example.com', '{1}', '{}', 'accepted', now() from made, subscriber returning id`);
  const token = links.deliveryToken(idOf('delivery', field(made, 'id')));
  const bounce = (to: string) =>
    `From: MAILER-DAEMON@mx.example.net\nTo: ${to}\nSubject: failure notice\n\nYour message could not be delivered to:\n\n<ada@example.com>:\nno such user (#5.1.1)\n`;
  const messages = [`bounce+${token}@b.example`, `bounce+${'a'.repeat(24)}@b.example`].map(bounce);
  const mbox = messages.map((message) => `From MAILER-DAEMON Wed Mar 11\n${message}\n`).join('');
  writeFileSync(join(paperboy.dir, 'bounces.mbox'), mbox);
});
afterAll(() => paperboy.close());

// In the order of an afternoon: each test goes on from what the ones before it left.

const stateOf = async () => {
  const [reader] = await paperboy.facts('subscriber', 'show', 'ada@example.com');
  return field(reader, 'suppressedFor');
};

test('bounce read takes in a mailbox, and a second time changes nothing', async () => {
  const file = join(paperboy.dir, 'bounces.mbox');
  const effects = async () =>
    (await paperboy.facts('bounce', 'read', file)).map((fact) => field(fact, 'effect'));
  expect(await effects()).toEqual(['suppressed', 'unproven']);
  expect(await effects()).toEqual(['known', 'unproven']);
  expect(await stateOf()).toBe('hard-bounce');
});

test('bounce list has it with its effect, bounce kept what proved nothing', async () => {
  expect(await paperboy.facts('bounce', 'list', '--subscriber', 'ada@example.com')).toMatchObject([
    { kind: 'bounce', reason: 'unknown-user', status: '5.1.1', via: 'file', effect: 'suppressed' },
  ]);
  expect(await paperboy.facts('bounce', 'list', '--reason', 'abuse')).toEqual([]);
  const [kept, ...others] = await paperboy.facts('bounce', 'kept');
  expect({ kept, others }).toMatchObject({ kept: { kind: 'hard', via: 'file' }, others: [] });
  const { stdout } = await paperboy.run('bounce', 'kept', field(kept, 'id'));
  expect(stdout).toContain(`To: bounce+${'a'.repeat(24)}@b.example`);
  expect((await paperboy.run('bounce', 'kept', '999')).stderr).toContain('NOT_FOUND');
});

test('suppression remove takes it back, and says who is mailed again', async () => {
  expect(await paperboy.facts('suppression', 'list')).toMatchObject([
    { address: 'ada@example.com', reason: 'hard-bounce' },
  ]);
  const { stdout } = await paperboy.run('suppression', 'remove', 'Ada@example.com');
  expect(stdout).toBe('Ada@example.com: ended hard-bounce; digests go there again\n');
  expect(await stateOf()).toBe('null');
  const again = await paperboy.run('suppression', 'remove', 'ada@example.com');
  expect({ code: again.code, told: again.stderr.includes('NOT_FOUND') }).toEqual({
    code: 1,
    told: true,
  });
});

test('suppression add keeps an address from being mailed that nobody has subscribed yet', async () => {
  await paperboy.facts('suppression', 'add', 'eve@example.com');
  expect(await paperboy.facts('suppression', 'list', '--reason', 'operator')).toMatchObject([
    { address: null, reason: 'operator' },
  ]);
  expect((await paperboy.run('suppression', 'add', 'no address')).stderr).toContain(
    'ADDRESS_INVALID',
  );
  await paperboy.facts('suppression', 'remove', 'eve@example.com');
  expect(await paperboy.facts('suppression', 'list')).toEqual([]);
});
