import { POSTGRES_USER } from './cluster.ts';

/**
 * What listens on the port: `ours` runs on our folder; `busy` is a Postgres that starts or stops;
 * `other` is some other server; `nobody` answers.
 */
export type ServerAnswer = 'ours' | 'busy' | 'other' | 'nobody';

/** SQLSTATE cannot_connect_now: the server is starting up, recovering or shutting down. */
const CANNOT_CONNECT_NOW = '57P03';

/** Asks whoever listens on the port which folder it serves: another server on that port answers too. */
export async function askServer(
  port: number,
  password: string,
  dataDir: string,
): Promise<ServerAnswer> {
  // Loaded here: most commands that read settings need no database.
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: serverUrl(port, password),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on('error', () => {}); // the server may end while it is asked
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === dataDir ? 'ours' : 'other';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === CANNOT_CONNECT_NOW) return 'busy';
    return code === 'ECONNREFUSED' ? 'nobody' : 'other';
  } finally {
    await client.end().catch(() => {});
  }
}

/** The address of the embedded server; it listens on loopback alone. */
export function serverUrl(port: number, password: string): string {
  return `postgres://${POSTGRES_USER}:${password}@127.0.0.1:${port}/postgres`;
}
