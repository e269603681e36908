import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { z } from 'zod';
import { invalid, RequestError, type RequestFault } from '../request-error.ts';
import type { ApiRoute, Asked } from './route.ts';

/** The parts of a request, checked by the route's schemas. Throws REQUEST_INVALID naming every part that is wrong. */
export async function readRequest(
  c: Context,
  { params, query, body }: Pick<ApiRoute, 'params' | 'query' | 'body'>,
): Promise<Omit<Asked<unknown, unknown, unknown>, 'token'>> {
  const faults: RequestFault[] = [];
  const checked = (part: string, schema: z.ZodType, value: unknown): unknown => {
    const read = schema.safeParse(value);
    if (!read.success) faults.push(...faultsOf(part, read.error));
    return read.data;
  };
  const asked = {
    params: checked('path', params, c.req.param()),
    query: checked('query', query, readQuery(new URL(c.req.url).search)),
    body: body && checked('body', body, await readBody(c)),
  };
  if (faults.length === 0) return asked;
  const detail = faults.map(({ at, message }) => `${at}: ${message}`).join('; ');
  throw new RequestError('REQUEST_INVALID', detail, { faults });
}

/** Faults of one part of a request; more than so many help nobody. */
const MOST_FAULTS = 20;

function faultsOf(part: string, { issues }: z.ZodError): RequestFault[] {
  return issues.slice(0, MOST_FAULTS).map(({ path, message }) => ({
    at: [part, ...path].join('.').slice(0, 100),
    message: message.slice(0, 300),
  }));
}

/** A query as names and values. Throws REQUEST_INVALID for what is not UTF-8 and for a name that stands twice. */
function readQuery(search: string): Record<string, string> {
  const read = new Map<string, string>();
  for (const pair of search.slice(1).split('&')) {
    if (pair === '') continue;
    const [name, value] = [before(pair), after(pair)].map(decoded);
    if (name === undefined || value === undefined) {
      throw invalid('query', 'its encoding is no UTF-8 in percent signs');
    }
    if (read.has(name)) throw invalid(`query.${name.slice(0, 60)}`, 'it is given twice');
    read.set(name, value);
  }
  return Object.fromEntries(read);
}

const before = (pair: string) => pair.split('=', 1)[0] ?? '';
const after = (pair: string) => pair.slice(before(pair).length + 1);

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

async function readBody(c: Context): Promise<unknown> {
  const type = c.req.header('Content-Type') ?? '';
  if (!/^application\/json *(?:;|$)/i.test(type)) {
    throw new HTTPException(415, {
      message: 'The body is to be JSON: Content-Type: application/json.',
    });
  }
  const bytes = await c.req.arrayBuffer();
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalid('body', 'this is no JSON in UTF-8');
  }
}
