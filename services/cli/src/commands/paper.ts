import type { PaperId } from '@paperboy/core';
import type { Command } from 'commander';
import { type Cli, commandGroup, commandWith } from '../cli.ts';
import type { CommonOptions } from '../context.ts';
import type { Shared } from '../shared.ts';

/** `paperboy paper …`: the works that were seen. */
export function paperCommands(cli: Cli): Command {
  return commandGroup('paper', 'The papers that were seen', [show(cli)]);
}

/** A paper is seldom listed more often; its page on the web shows all. */
const APPEARANCES = 1_000;

function show(cli: Cli): Command {
  return commandWith(
    'show <id|key|title>',
    'A paper with every appearance and revision',
    'paper show arxiv:2410.13859',
    'paper show "Scaling MLPs: A Tale of Inductive Bias"',
  ).action((name: string, options: CommonOptions) =>
    cli.withShared(async (shared) => {
      const { db } = shared;
      const store = await import('@paperboy/store');
      const id = await paperNamed(shared, name);
      const paper = await store.loadPaperView(db, id);
      const appearances = await store.appearancesOfPaper(db, id, { limit: APPEARANCES });
      const revisions = await store.revisionsOfPaper(db, id);
      const output = cli.output(options);
      output.card({ ...paper, appearances, revisions }, [
        ['paper', paper.id],
        ['title', paper.title],
        ['authors', paper.authors?.join(', ')],
        ['keys', paper.keys.join('\n')],
        ['first seen', paper.firstSeenOn],
        ['seen', paper.timesSeen === 1 ? 'once' : `${paper.timesSeen} times`],
        [paper.textKind, paper.abstract],
      ]);
      if (output.json) return;
      output.say('');
      output.table(
        appearances,
        [
          ['SEEN ON', ({ seenOn }) => seenOn],
          ['SOURCE', ({ sourceName }) => sourceName],
          ['POSITION', ({ position }) => position],
          ['BEFORE', ({ previousPosition }) => previousPosition],
          ['UPVOTES', ({ upvotes }) => upvotes],
        ],
        'No appearances.',
      );
      if (revisions.length === 0) return;
      output.say('');
      output.table(
        revisions,
        [
          ['REVISED ON', ({ seenOn }) => seenOn],
          ['SOURCE', ({ sourceTitle }) => sourceTitle],
          ['CHANGED', ({ changed }) => changed.join(', ')],
          ['TITLE BEFORE', ({ from, to }) => (from.title === to.title ? '' : from.title)],
        ],
        '',
      );
    }),
  );
}

async function paperNamed({ db }: Shared, name: string): Promise<PaperId> {
  const { idOf, PaperboyError, parseKey, keysOf } = await import('@paperboy/core');
  const { findPaperByKey } = await import('@paperboy/store');
  if (/^[1-9]\d{0,18}$/.test(name)) return idOf('paper', name);
  const byTitle = keysOf({ title: name, ids: {} })[0];
  const key = parseKey(name) ?? byTitle;
  const found = key && (await findPaperByKey(db, key));
  if (!found) throw new PaperboyError('NOT_FOUND', `no paper "${name}" has been seen`);
  return found;
}
