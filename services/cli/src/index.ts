export type { CliContext } from './cli.ts';
export { runPaperboy } from './program.ts';
