import type { Queues } from '@paperboy/queue';
import type { Db } from '@paperboy/store';
import type { Journals } from '../../src/index.ts';

/** Statements after which a process can be made to die, by words that no other statement has. */
const STATEMENTS = {
  /** Deliveries are inserted, and nothing is committed. */
  planning: 'insert into delivery (edition_id',
  /** A claim is committed. */
  claimed: 'probed as (',
  /** The papers of an edition are there, and nothing is rendered. */
  rendering: 'from edition_paper join paper',
  /** A group is staged. */
  staged: 'given(id, message_id, mail_date',
  /** Results are committed. */
  recorded: 'given(id, state, spent',
} as const;

/** Moments told by the journal: before and after each of its two lines, and when all of a claim is committed. */
const JOURNAL_POINTS = ['unbegun', 'begun', 'answered', 'journalled', 'ended'] as const;

/** Every point at which a process can be made to die by itself; `planned` is between the plan and its jobs. */
export type DeathPoint = keyof typeof STATEMENTS | (typeof JOURNAL_POINTS)[number] | 'planned';
export const DEATH_POINTS: readonly DeathPoint[] = [
  ...(Object.keys(STATEMENTS) as (keyof typeof STATEMENTS)[]),
  ...JOURNAL_POINTS,
  'planned',
];

/** Ends the process at the nth time that a point is met, as a power cut would: nothing runs after it. */
export class Death {
  readonly #point: DeathPoint | undefined;
  readonly #nth: number;
  #met = 0;

  constructor(point: DeathPoint | undefined, nth = 1) {
    this.#point = point;
    this.#nth = nth;
  }

  meet(point: DeathPoint): void {
    if (point !== this.#point || ++this.#met < this.#nth) return;
    process.kill(process.pid, 'SIGKILL');
    for (;;);
  }
}

/** The database of a process that dies after a statement. */
export function dyingDb(db: Db, death: Death): Db {
  const kinds = new WeakMap<object, DeathPoint>();
  return db.withPlugin({
    transformQuery: ({ node, queryId }) => {
      const text = node.kind === 'RawNode' ? node.sqlFragments.join('?') : '';
      for (const [point, words] of Object.entries(STATEMENTS)) {
        if (text.includes(words)) kinds.set(queryId, point as keyof typeof STATEMENTS);
      }
      return node;
    },
    transformResult: async ({ queryId, result }) => {
      const kind = kinds.get(queryId);
      if (kind) death.meet(kind);
      return result;
    },
  });
}

/** Journals of a process that dies before or after a line of them. */
export function dyingJournals(journals: Journals, death: Death): Journals {
  return {
    ...journals,
    open: (claim) => {
      const journal = journals.open(claim);
      return {
        begin: (id) => {
          death.meet('unbegun');
          journal.begin(id);
          death.meet('begun');
        },
        reply: (id, outcome) => {
          death.meet('answered');
          journal.reply(id, outcome);
          death.meet('journalled');
        },
        end: () => {
          death.meet('ended');
          journal.end();
        },
        keep: () => journal.keep(),
      };
    },
  };
}

/** A queue of a process that dies before jobs for what it planned are added. */
export function dyingQueues(queues: Queues, death: Death): Queues {
  return {
    ...queues,
    addMany: async (job, additions) => {
      if (job === 'deliver-batch' && additions.length > 0) death.meet('planned');
      return queues.addMany(job, additions);
    },
  };
}
