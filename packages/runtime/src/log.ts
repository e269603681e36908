import { createRequire } from 'node:module';
import { isatty } from 'node:tty';
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import { mask } from './mask.ts';

/** For what a start has to have at once, or not at all. */
const require = createRequire(import.meta.url);

/** Facts of an event: times, ids and counts. Addresses and tokens are masked should one slip in. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * One line per event. `info` is what an operator counts, `warn` what heals itself, `error` what
 * needs a person. An event is two words of the story: `delivery.deferred`.
 */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log with fields that every line carries. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** `auto` is pretty on a terminal and JSON elsewhere. */
  readonly format: 'auto' | 'json' | 'pretty';
  /** Where lines go instead of stderr. */
  readonly stream?: DestinationStream;
}

/** A log to stderr: stdout belongs to what a command prints. Written at once, so no line is lost at exit. */
export function createLog({ level, format, stream }: LogOptions): Log {
  const target = stream ?? destination({ fd: 2, sync: true });
  const pretty = format === 'pretty' || (format === 'auto' && stream === undefined && isatty(2));
  const options = {
    level,
    base: null,
    messageKey: 'event',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(pino(options, pretty ? prettyLines(target) : target));
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};

function wrap(logger: Logger): Log {
  return {
    debug: (event, fields) => logger.debug(maskFields(fields), event),
    info: (event, fields) => logger.info(maskFields(fields), event),
    warn: (event, fields) => logger.warn(maskFields(fields), event),
    error: (event, fields) => logger.error(maskFields(fields), event),
    child: (fields) => wrap(logger.child(maskFields(fields))),
  };
}

function maskFields(fields: LogFields = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, mask(value)]));
}

/** Colour only where a person reads; `format: pretty` may also go to a file. */
function prettyLines(target: DestinationStream): DestinationStream {
  // Thirty files that nobody needs whose log is read by machines.
  const { prettyFactory }: typeof import('pino-pretty') = require('pino-pretty');
  const pretty = prettyFactory({
    colorize: isatty(2) && process.env.NO_COLOR === undefined,
    messageKey: 'event',
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
  });
  return { write: (line: string) => target.write(pretty(line)) };
}
