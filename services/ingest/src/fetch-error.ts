import { asPaperboyError, PaperboyError } from '@paperboy/core';

/** What an operator reads for the commonest codes of Node, its TLS, its decoders and undici. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'broke the connection off',
  EAI_AGAIN: 'its name cannot be looked up now',
  ENOTFOUND: 'its name is not known',
  ENETUNREACH: 'its network is out of reach',
  EHOSTUNREACH: 'its network is out of reach',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer is cut short, or not HTTP',
  UND_ERR_SOCKET: 'broke the connection off',
  Z_BUF_ERROR: 'the compressed page is cut short',
  Z_DATA_ERROR: 'the compressed page is damaged',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** Ends of a body before its end: what came before them came well. */
const BREAKS = new Set(['ECONNRESET', 'UND_ERR_SOCKET', 'Z_BUF_ERROR']);

/**
 * Whatever ended a fetch, as a coded error: one of ours as it is, trouble on the way (all that Node and undici
 * give a code) as PAGE_UNREACHABLE with host and reason, anything else as a fault of ours.
 */
export function fetchError(address: string, error: unknown): PaperboyError {
  const reason = reasonOf(error);
  if (error instanceof PaperboyError || reason === undefined) return asPaperboyError(error);
  const detail = `${hostOf(address)}: ${reason}`;
  return new PaperboyError('PAGE_UNREACHABLE', detail, { cause: error });
}

/** Why a body broke off, in words; undefined for errors that mean something else. */
export function breakIn(error: unknown): string | undefined {
  const isBreak =
    isParserError(error) ||
    (error instanceof Error && 'code' in error && BREAKS.has(String(error.code)));
  return isBreak ? reasonOf(error) : undefined;
}

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // What AbortSignal.timeout gives; its code is a number.
  if (error.name === 'TimeoutError') return 'no answer in time';
  // Has a code for some broken answers and none for others.
  if (isParserError(error)) return 'its answer is cut short, or not HTTP';
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  return REASONS[error.code] ?? error.code;
}

/** undici's, told by its name: a start that fetches nothing does not load undici. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address.slice(0, 200);
}
