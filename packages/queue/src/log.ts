/** Where this package reports to: an event and its fields. The runtime's log has this shape. */
export interface Log {
  debug(event: string, fields?: Readonly<Record<string, unknown>>): void;
  info(event: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields?: Readonly<Record<string, unknown>>): void;
  error(event: string, fields?: Readonly<Record<string, unknown>>): void;
  /** The same log with fields that every line carries. */
  child(fields: Readonly<Record<string, unknown>>): Log;
}

/** Reports a connection's errors, each text once a minute: a server that is down repeats itself. */
export function quietly(log: Log, event: string): (error: Error) => void {
  const saidAt = new Map<string, number>();
  return (error) => {
    const now = Date.now();
    if (now - (saidAt.get(error.message) ?? 0) < 60_000) return;
    if (saidAt.size > 100) saidAt.clear();
    saidAt.set(error.message, now);
    log.warn(event, { problem: error.message });
  };
}
