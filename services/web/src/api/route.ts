import type { ApiScope } from '@paperboy/core';
import { z } from 'zod';
import type { WebDeps } from '../deps.ts';

export type ApiDeps = Pick<
  WebDeps,
  'db' | 'queues' | 'topics' | 'sources' | 'settings' | 'log' | 'now'
>;

/** What a route may cost whoever answers it; each kind is counted by itself. */
export type Effort = 'read' | 'search' | 'change';

/** What a request says, checked. */
export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Undefined for everybody. */
  readonly token: CallerToken | undefined;
}

/** The token that a request came with. */
interface CallerToken {
  readonly id: string;
  readonly name: string;
  readonly scope: ApiScope;
}

/** An answer: its value is shaped by the route's schema, so that nothing else gets out. */
export interface Answer<Value> {
  readonly value: Value;
  /** The path below `/api/v1` of what was made, or of what the answer is about where that is another. */
  readonly location?: string;
  /** Wakes whoever goes on with it, once the change stands; what they are to do is found in the rows. */
  readonly wake?: () => Promise<unknown>;
}

/** One route: what it is told by, checked by and shaped by is the same. */
export interface ApiRoute {
  readonly method: 'get' | 'post' | 'patch';
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly path: string;
  /** Its name in the document, for generated clients. */
  readonly id: string;
  readonly part: string;
  readonly summary: string;
  readonly about?: string;
  /** For everybody, or with a token of a scope. */
  readonly access: 'everybody' | ApiScope;
  readonly effort: Effort;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body?: z.ZodType | undefined;
  readonly status: 200 | 201 | 202;
  readonly answer: z.ZodType;
  /** Problems that it may end in, beside those of its parts. */
  readonly problems: readonly (404 | 409 | 429)[];
  handle(deps: ApiDeps, asked: Asked<unknown, unknown, unknown>): Promise<Answer<unknown>>;
}

const NOTHING = z.strictObject({});

type Told = Pick<ApiRoute, 'method' | 'path' | 'id' | 'part' | 'summary' | 'about'>;

interface RouteOf<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  A extends z.ZodType,
> extends Told {
  readonly access?: ApiRoute['access'];
  readonly effort?: Effort;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly status?: ApiRoute['status'];
  readonly answer: A;
  readonly problems?: ApiRoute['problems'];
  handle(
    deps: ApiDeps,
    asked: Asked<z.output<P>, z.output<Q>, z.output<B>>,
  ): Promise<Answer<z.input<A>>>;
}

/** A route whose handler has the types that its schemas say. */
export function route<
  A extends z.ZodType,
  P extends z.ZodObject = typeof NOTHING,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(of: RouteOf<P, Q, B, A>): ApiRoute {
  const { params, query, body, handle, ...told } = of;
  const schemas = { params: params ?? NOTHING, query: query ?? NOTHING };
  return {
    access: 'everybody',
    effort: 'read',
    status: 200,
    problems: [],
    ...told,
    ...schemas,
    body,
    // What was checked by the schemas has their types.
    handle: (deps, asked) => handle(deps, asked as Asked<z.output<P>, z.output<Q>, z.output<B>>),
  };
}
