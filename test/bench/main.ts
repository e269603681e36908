/**
 * `npm run bench [name…] [-- --json --quick --bars --size N --runs N]`: runs benches, by a name or by what several names
 * begin with, in pairs of ours and limit within one process and prints their ratios. Exits 1 when work was not done, or
 * with --bars when a bar is missed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bar, Bench, BenchRun, Done } from './bench.ts';
import { stopBenchServer } from './postgres.ts';

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    bars: { type: 'boolean', default: false },
    size: { type: 'string' },
    runs: { type: 'string' },
  },
});

/** Milliseconds per operation of each run. */
interface Measured {
  readonly oursMs: readonly number[];
  readonly limitMs: readonly number[];
}

interface Row {
  readonly name: string;
  readonly size: number;
  readonly unit: string;
  readonly ours: number;
  readonly limit: number;
  readonly ratio: number;
  readonly spread: readonly [number, number];
  readonly bars: readonly {
    id: string;
    text: string;
    kind: string;
    /** What the bar is held against: the ratio, or our time in milliseconds. */
    measured: number;
    pass: boolean;
  }[];
}

/** A whole pair before the counted ones: caches warm, prepared statements planned. */
const WARM_UP = 1;

async function findBenches(): Promise<Bench[]> {
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.bench.ts'));
  const loaded = await Promise.all(
    files.map(async (file): Promise<Bench> => (await import(`./${file}`)).bench),
  );
  if (names.length === 0) return loaded;
  const unknown = names.find((name) => !loaded.some((bench) => bench.name.startsWith(name)));
  if (unknown !== undefined) {
    console.error(
      `no bench is called ${unknown}; there are ${loaded.map((bench) => bench.name).join(', ')}`,
    );
    process.exit(2);
  }
  const isNamed = (name: string) => loaded.some((bench) => bench.name === name);
  return loaded.filter((bench) =>
    names.some((name) => (isNamed(name) ? bench.name === name : bench.name.startsWith(name))),
  );
}

function sizesOf(bench: Bench): readonly number[] {
  if (flags.size !== undefined) return [Number(flags.size)];
  return flags.quick ? bench.quickSizes : bench.sizes;
}

async function timed(work: () => Promise<Done> | Done): Promise<number> {
  const start = performance.now();
  const done = (await work()) ?? 1;
  return typeof done === 'number' ? (performance.now() - start) / done : done.figure;
}

async function measure(run: BenchRun, pairs: number, warmUps: number): Promise<Measured> {
  const oursMs: number[] = [];
  const limitMs: number[] = [];
  for (let pair = -warmUps; pair < pairs; pair++) {
    await run.reset?.();
    const ours = await timed(run.ours);
    const limit = await timed(run.limit);
    await run.check();
    if (pair < 0) continue;
    oursMs.push(ours);
    limitMs.push(limit);
  }
  return { oursMs, limitMs };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const SHARES = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

function rowOf(bench: Bench, size: number, { oursMs, limitMs }: Measured): Row {
  const ratioAt = (share: number) => quantile(limitMs, share) / quantile(oursMs, share);
  const paired = oursMs.map((ms, index) => (limitMs[index] ?? Number.NaN) / ms);
  const about = (bar: Bar) => bar.size === undefined || bar.size === size;
  return {
    name: bench.name,
    size,
    unit: bench.unit,
    ours: 1_000 / quantile(oursMs, 0.5),
    limit: 1_000 / quantile(limitMs, 0.5),
    ratio: ratioAt(0.5),
    spread: [Math.min(...paired), Math.max(...paired)],
    bars: bench.bars.filter(about).map((bar) => {
      const share = SHARES[bar.of ?? 'p50'];
      const { id, text, kind, mostMs } = bar;
      const measured = mostMs === undefined ? ratioAt(share) : quantile(oursMs, share);
      const pass = mostMs === undefined ? Boolean(bar.holds?.(measured)) : measured <= mostMs;
      return { id, text, kind, measured, pass };
    }),
  };
}

function host() {
  const memory = /MemTotal:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(Number(memory ?? 0) / 1_048_576),
    node: process.version,
    load: loadavg()[0],
  };
}

const round = (value: number) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);

function print(row: Row): void {
  if (flags.json) {
    console.log(JSON.stringify({ ...row, host: host() }));
    return;
  }
  const [least, most] = row.spread;
  const size = row.size.toLocaleString('en');
  const rates = `${round(row.ours)} ${row.unit}/s, limit ${round(row.limit)}`;
  console.log(
    `${row.name.padEnd(14)} ${size.padStart(9)}  ${rates}, ratio ${row.ratio.toFixed(2)} [${least.toFixed(2)}-${most.toFixed(2)}]`,
  );
  for (const bar of flags.quick ? [] : row.bars) {
    const mark = bar.pass ? 'holds' : bar.kind === 'bar' ? 'MISSED' : 'not yet';
    console.log(`${''.padEnd(26)}bar ${bar.id}: ${bar.text}: ${bar.measured.toFixed(2)}, ${mark}`);
  }
}

// A run that is ended from outside takes its server along; what it forked ends with its channel or with the server.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => stopBenchServer().finally(() => process.exit(code)));
}

const rows: Row[] = [];
try {
  if (!flags.json) {
    const { cpu, cores, memoryGiB, node, load } = host();
    console.log(`${cores} x ${cpu}, ${memoryGiB} GiB, Node ${node}, load ${load?.toFixed(1)}\n`);
  }
  for (const bench of await findBenches()) {
    const missing = bench.missing?.();
    if (missing) {
      console.error(`${bench.name.padEnd(14)} skipped: ${missing} is not installed`);
      continue;
    }
    for (const size of sizesOf(bench)) {
      const run = await bench.setUp(size);
      const pairs = flags.runs === undefined ? (bench.runs ?? 5) : Number(flags.runs);
      const warmUps = size >= (bench.coldFrom ?? Number.POSITIVE_INFINITY) ? 0 : WARM_UP;
      const counted = flags.quick ? Math.min(3, pairs) : pairs;
      const row = rowOf(bench, size, await measure(run, counted, warmUps));
      await run.tearDown?.();
      print(row);
      rows.push(row);
    }
  }
} finally {
  await stopBenchServer();
}
const missed = rows.flatMap((row) => row.bars).filter((bar) => bar.kind === 'bar' && !bar.pass);
if (flags.bars && missed.length > 0) process.exitCode = 1;
