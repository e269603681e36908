export type { CliContext } from './context.ts';
export { runPaperboy } from './program.ts';
