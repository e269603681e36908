export type { CliContext } from './context.ts';
export { type IngestShared, ingestPages } from './ingest-pages.ts';
export { runPaperboy } from './program.ts';
export { topicDesk } from './topic-desk.ts';
