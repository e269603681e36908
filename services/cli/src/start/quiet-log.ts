import type { Log } from '@paperboy/runtime';

/** A log that keeps `info` back while `isQuiet`: what a command prints itself need not stand there twice. */
export function quietLog(log: Log, isQuiet: () => boolean): Log {
  return {
    debug: (event, fields) => log.debug(event, fields),
    info: (event, fields) => {
      if (!isQuiet()) log.info(event, fields);
    },
    warn: (event, fields) => log.warn(event, fields),
    error: (event, fields) => log.error(event, fields),
    child: (fields) => quietLog(log.child(fields), isQuiet),
  };
}
