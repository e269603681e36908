/**
 * What a failed connection says, in one line. OpenSSL wraps its reason, such as `wrong version number`, in a thread, a
 * code, a routine and a place in its sources.
 */
export function failureWords(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const [line = ''] = message.trim().split('\n');
  return /^[\da-f]+:error:[\da-f]+:SSL routines:[^:]*:([^:]+):/i.exec(line)?.[1] ?? line;
}
