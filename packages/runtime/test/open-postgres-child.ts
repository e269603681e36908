/** Opens the embedded database of the folder it is given, prints `{url, adopted}`, and stops on SIGTERM. */
import { createLog, Lifecycle, openHome, openPostgres } from '../src/index.ts';

const log = createLog({ level: 'warn', format: 'json' });
const lifecycle = new Lifecycle(log);
const [dir = ''] = process.argv.slice(2);
const { url, adopted } = lifecycle.add(await openPostgres(openHome(dir), log));
process.stdout.write(`${JSON.stringify({ url, adopted })}\n`);
process.exitCode = await lifecycle.untilStopped();
