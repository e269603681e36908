export { desks } from './desks.ts';
export { ingestPages } from './ingest-pages.ts';
export { runPaperboy } from './program.ts';
