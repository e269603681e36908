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
  readonly bars: readonly Bar[];
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
  /** Compares the medians (when left out) or the 99th percentiles of the times. */
  readonly of?: 'p50' | 'p99';
  holds(ratio: number): boolean;
}

/** One size, ready to be measured. Each call of `ours` and of `limit` does the whole work once. */
export interface BenchRun {
  /** The shipped functions. Returns the operations done (pages, rows), or nothing for one. */
  ours(): Promise<number | undefined> | number | undefined;
  /** The same work as near to the machine as it goes; a slow one may do less of it, and says how much. */
  limit(): Promise<number | undefined> | number | undefined;
  /** Throws when the work of the last `ours` was not done, or differs from the limit's. */
  check(): Promise<void> | void;
  /** Runs before each measured call of either side, unmeasured (truncate, checkpoint). */
  reset?(): Promise<void> | void;
  tearDown?(): Promise<void> | void;
}
