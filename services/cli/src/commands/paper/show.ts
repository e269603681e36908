import type { Command } from 'commander';
import { type Cli, commandWith } from '../../cli.ts';
import type { CommonOptions } from '../../context.ts';
import { clipped, type Output } from '../../output.ts';

/** A paper is seldom listed more often; its page on the web shows all. */
const APPEARANCES = 1_000;
/** Merges of one paper that are shown. */
const MERGES = 100;

/** `paperboy paper show` */
export function showCommand(cli: Cli): Command {
  return commandWith(
    'show <id|key|title>',
    'A paper with its names, wordings, every appearance and revision, and its merges',
    'paper show arxiv:2410.13859',
    'paper show "Scaling MLPs: A Tale of Inductive Bias"',
  ).action((name: string, options: CommonOptions) =>
    cli.withShared(async ({ db }) => {
      const output = cli.output(options);
      const { paperNamed } = await import('./paper-named.ts');
      const paper = await readPaper(db, await paperNamed(db, name));
      const asked = /^\d+$/.test(name) && name !== paper.id ? name : undefined;
      output.card({ ...paper, ...(asked && { askedFor: asked }) }, [
        ['paper', asked ? `${paper.id} (${asked} was merged into it)` : paper.id],
        ['title', paper.title],
        ['authors', paper.authors?.join(', ')],
        ['keys', paper.keys.join('\n')],
        ['aliases', paper.aliases.join(', ') || undefined],
        ['first seen', paper.firstSeenOn],
        ['seen', paper.timesSeen === 1 ? 'once' : `${paper.timesSeen} times`],
        ['same title', paper.namesakes.map(({ id }) => id).join(', ') || undefined],
        [paper.textKind, paper.abstract],
      ]);
      if (!output.json) printTables(output, paper);
    }),
  );
}

type Database = Parameters<typeof import('@paperboy/store').loadPaperView>[0];
type PaperId = Parameters<typeof import('@paperboy/store').loadPaperView>[1];
type Paper = Awaited<ReturnType<typeof readPaper>>;

async function readPaper(db: Database, id: PaperId) {
  const store = await import('@paperboy/store');
  const merges = await store.listMerges(db, { limit: MERGES, paperId: id });
  return {
    ...(await store.loadPaperView(db, id)),
    aliases: await store.aliasesOf(db, id),
    namesakes: await store.namesakesOfPaper(db, id),
    wordings: await store.wordingsOfPaper(db, id),
    appearances: await store.appearancesOfPaper(db, id, { limit: APPEARANCES }),
    revisions: await store.revisionsOfPaper(db, id),
    merges,
  };
}

function printTables(output: Output, { wordings, appearances, revisions, merges }: Paper): void {
  output.say('');
  output.table(
    wordings,
    [
      ['WORDED BY', ({ sourceTitle }) => sourceTitle],
      ['KIND', ({ textKind }) => textKind],
      ['SINCE', ({ seenOn }) => seenOn],
      ['SHOWN', ({ isCanonical }) => (isCanonical ? 'yes' : '')],
      ['TITLE', ({ title }) => clipped(title, 60)],
    ],
    '',
  );
  output.say('');
  output.table(
    appearances,
    [
      ['SEEN ON', ({ seenOn }) => seenOn],
      ['SOURCE', ({ sourceName }) => sourceName],
      ['POSITION', ({ position }) => position],
      ['BEFORE', ({ previousPosition }) => previousPosition],
      ['UPVOTES', ({ upvotes }) => upvotes],
      ['VERSION', ({ arxivVersion }) => arxivVersion],
    ],
    'No appearances.',
  );
  if (revisions.length > 0) {
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
  }
  if (merges.length === 0) return;
  output.say('');
  output.table(
    merges,
    [
      ['MERGED ON', ({ mergedAt }) => mergedAt.toISOString().slice(0, 10)],
      ['PAPER', ({ otherId }) => otherId],
      ['INTO', ({ survivorId }) => survivorId],
      ['BY', ({ mergedBy }) => mergedBy],
      ['REASON', ({ reason }) => reason],
      ['UNDONE ON', ({ undoneAt }) => undoneAt?.toISOString().slice(0, 10)],
    ],
    '',
  );
}
