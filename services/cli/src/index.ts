export type { CliContext } from './context.ts';
export { desks } from './desks.ts';
export { type IngestShared, ingestPages } from './ingest-pages.ts';
export { runPaperboy } from './program.ts';
