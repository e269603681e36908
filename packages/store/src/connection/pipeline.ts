/**
 * Works through items in batches, two under way at a time: while Postgres is busy with one, the parameters of the
 * next are made and the rows of the last are read.
 */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (batch: readonly Item[]) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let previous: Promise<Result> | undefined;
  for (let from = 0; from < items.length; from += size) {
    const current = work(items.slice(from, from + size));
    // A failure of the batch before ends the loop; this one's own is then nobody's to handle.
    current.catch(() => {});
    if (previous) results.push(await previous);
    previous = current;
  }
  if (previous) results.push(await previous);
  return results;
}

/**
 * Waits for work that is under way at once; within a transaction its statements travel together and are served in the
 * order they are asked in. Waits to its end also where some of it fails, and throws what failed first as given.
 */
export async function together<const Work extends readonly unknown[]>(
  work: Work,
): Promise<{ -readonly [Index in keyof Work]: Awaited<Work[Index]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}
