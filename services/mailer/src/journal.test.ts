import { appendFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf } from '@paperboy/core';
import { silentLog } from '@paperboy/runtime';
import { expect, test } from 'vitest';
import { type Journals, openJournals } from './journal.ts';
import type { SendOutcome } from './relay.ts';

const [one, two, three] = [
  idOf('delivery', '1'),
  idOf('delivery', '22'),
  idOf('delivery', '333'),
] as const;
const taken: SendOutcome = {
  kind: 'accepted',
  code: 250,
  reply: '250 ok\r\nqueued',
  relayId: 'X1',
};
const refused: SendOutcome = {
  kind: 'refused',
  reply: { command: 'RCPT TO', code: 550, text: '550 5.1.1 no such user' },
};

function folder(): { readonly journals: Journals; readonly fileOf: (claim: string) => string } {
  const path = mkdtempSync(join(tmpdir(), 'paperboy-journals-'));
  return {
    journals: openJournals(join(path, 'journals'), { log: silentLog }),
    fileOf: (claim) => join(path, 'journals', `${claim}.journal`),
  };
}

test('a journal that its process left tells what was begun and how it ended', () => {
  const { journals } = folder();
  const journal = journals.open('7-a.1');
  journal.begin(one);
  journal.begin(two);
  journal.reply(one, taken);
  const read = journals.read('7-a.1');
  expect(read?.(one)).toEqual({ kind: 'ended', outcome: taken });
  expect(read?.(two)).toEqual({ kind: 'begun' });
  expect(read?.(three)).toEqual({ kind: 'untouched' });
  expect(journals.claims()).toEqual(['7-a.1']);
  journal.keep();
});

test('a delivery that is begun once more is in doubt again until its next answer', () => {
  const { journals } = folder();
  const journal = journals.open('7-a.1');
  journal.begin(one);
  journal.reply(one, refused);
  journal.begin(one);
  expect(journals.read('7-a.1')?.(one)).toEqual({ kind: 'begun' });
  journal.reply(one, taken);
  expect(journals.read('7-a.1')?.(one)).toEqual({ kind: 'ended', outcome: taken });
  journal.keep();
});

test('cut at every byte it never tells more than was written, and no begun delivery as untouched', () => {
  const { journals, fileOf } = folder();
  const journal = journals.open('whole');
  journal.begin(one);
  journal.reply(one, taken);
  journal.begin(two);
  journal.keep();
  const bytes = readFileSync(fileOf('whole'));
  const begunOne = bytes.indexOf('begin 1\n') + 'begin 1\n'.length;
  for (let length = 0; length <= bytes.length; length++) {
    writeFileSync(fileOf('cut'), bytes.subarray(0, length));
    const told = journals.read('cut')?.(one);
    // A line counts once it is whole; what came before it had not left yet.
    if (told?.kind === 'untouched') expect(length).toBeLessThan(begunOne);
    if (told?.kind === 'ended') expect(told.outcome).toEqual(taken);
  }
});

test('of a machine that was started anew, what is missing proves nothing', () => {
  const { journals, fileOf } = folder();
  const journal = journals.open('before');
  journal.begin(one);
  journal.reply(one, taken);
  journal.keep();
  const text = readFileSync(fileOf('before'), 'utf8');
  writeFileSync(fileOf('before'), text.replace(/^(paperboy journal 1 ).*$/m, '$1another-start'));
  expect(journals.read('before')?.(one)).toEqual({ kind: 'ended', outcome: taken });
  expect(journals.read('before')?.(two)).toEqual({ kind: 'begun' });
});

test('a damaged line in the middle makes what is missing doubtful; another version is not read', () => {
  const { journals, fileOf } = folder();
  const journal = journals.open('damaged');
  journal.begin(one);
  journal.keep();
  appendFileSync(fileOf('damaged'), '\0\0\0\nreply 1 {"kind":"yes"}\nreply 1 {\n');
  expect(journals.read('damaged')?.(one)).toEqual({ kind: 'begun' });
  expect(journals.read('damaged')?.(two)).toEqual({ kind: 'begun' });
  writeFileSync(fileOf('damaged'), 'paperboy journal 2 x\nbegin 1\n');
  expect(journals.read('damaged')).toBeUndefined();
  truncateSync(fileOf('damaged'));
  expect(journals.read('damaged')).toBeUndefined();
});

test('one that is at its end is gone, and none is ever written over', () => {
  const { journals } = folder();
  const journal = journals.open('done');
  expect(() => journals.open('done')).toThrow(expect.objectContaining({ code: 'HOME_UNWRITABLE' }));
  journal.begin(one);
  journal.end();
  expect(journals.claims()).toEqual([]);
  expect(journals.read('done')).toBeUndefined();
});
