import { enableCompileCache } from 'node:module';

// Half of a short command's time is compiling what it loads.
enableCompileCache();
// Node's notes on experimental or old parts of libraries are for those who write programs, not for those who run them.
if (process.env.LOG_LEVEL !== 'debug') process.removeAllListeners('warning');
const { runPaperboy } = await import('./program.ts');

const { stdout, stderr } = process;
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has gone, as `head` does when it has enough: nobody is left to be told.
    if (error.code !== 'EPIPE') throw error;
  });
}

const code = await runPaperboy(process.argv.slice(2), {
  env: process.env,
  stdout,
  stderr,
  now: () => new Date(),
});
// What is written is handed over before the end; a pipe that is gone answers with an error, which counts too.
await Promise.all([stdout, stderr].map((stream) => flushed(stream)));
process.exit(code);

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writable) stream.write('', () => resolve());
    else resolve();
  });
}
