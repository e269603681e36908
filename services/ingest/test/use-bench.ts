import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type Bench, openBench, renew } from './support.ts';

/**
 * A database of the test file's own, open while its tests run. They share its rows, unless it is renewed before each.
 */
export function useBench({ isRenewed = false } = {}): Bench {
  let opened: Bench | undefined;
  const bench = () => {
    if (!opened) throw new Error('the bench is open in tests and their hooks alone');
    return opened;
  };
  beforeAll(async () => {
    opened = await openBench();
  });
  if (isRenewed)
    beforeEach(async () => {
      opened = await renew(bench());
    });
  afterAll(() => opened?.close());
  return {
    get store() {
      return bench().store;
    },
    get url() {
      return bench().url;
    },
    get source() {
      return bench().source;
    },
    close: () => bench().close(),
  };
}
