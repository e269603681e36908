/**
 * What `test/bench/main.ts` runs. A bench compares shipped functions (`ours`) with the limit that the
 * machine sets for the same work (`limit`), in pairs within one process, so that its bars are ratios.
 */
export interface Bench {
  /** The word after `npm run bench --`; the file is `<name>.bench.ts` and exports it as `bench`. */
  readonly name: string;
  /** What one size counts: `papers`, `subscribers`, `messages`. */
  readonly unit: string;
  /** Sizes of a plain run, within the time budget of the whole suite. */
  readonly sizes: readonly number[];
  /** Sizes under `--quick`; no bars are checked there. */
  readonly quickSizes: readonly number[];
  /** Sizes that run only when `--size` names them. */
  readonly namedSizes?: readonly number[];
  /** Counted pairs; 5 when left out. A bar on p99 needs a hundred and more. */
  readonly runs?: number;
  /** From this size on no pair comes before the counted ones: what takes ten minutes is warm soon after it began. */
  readonly coldFrom?: number;
  readonly bars: readonly Bar[];
  /** A program that the limit needs and that is not installed; the bench is then skipped by its name. */
  readonly missing?: () => string | undefined;
  /** Makes inputs and connections for one size; its time is not measured. */
  setUp(size: number): Promise<BenchRun>;
}

/** A demand on the ratio of the medians, `ours` throughput over `limit` throughput (1 = as fast as the limit). */
export interface Bar {
  /** The number in the table of bars, as `5` or `7b`. */
  readonly id: string;
  readonly text: string;
  /** `bar` must hold; `moonshot` is reported only. */
  readonly kind: 'bar' | 'moonshot';
  /** Size the bar is about; absent means every size. */
  readonly size?: number;
  /** Compares the medians (when left out) or the 95th or 99th percentiles of the times. */
  readonly of?: 'p50' | 'p95' | 'p99';
  holds?(ratio: number): boolean;
  /** In place of `holds`: our own figure is at most this, where what is promised is a time. */
  readonly mostMs?: number;
}

/**
 * What a run gives back: the operations done (pages, rows), or nothing for one. With a figure (milliseconds, MiB) that
 * is compared in place of the time that the call took.
 */
export type Done = number | undefined | { readonly figure: number };

/** One size, ready to be measured. Each call of `ours` and of `limit` does the whole work once. */
export interface BenchRun {
  /** The shipped functions. */
  ours(): Promise<Done> | Done;
  /** The same work as near to the machine as it goes; a slow one may do less of it, and says how much. */
  limit(): Promise<Done> | Done;
  /** Throws when the work of the last `ours` was not done, or differs from the limit's. */
  check(): Promise<void> | void;
  /** Runs before each measured call of either side, unmeasured (truncate, checkpoint). */
  reset?(): Promise<void> | void;
  tearDown?(): Promise<void> | void;
}
