import { z } from 'zod';
import type { ApiRoute } from './route.ts';
import { named, Problem } from './schemas.ts';

/** The parts of an OpenAPI document that ours has. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: object;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, Told>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

interface Told {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Content;
}
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;
export type JsonSchema = Readonly<Record<string, unknown>>;

const ABOUT =
  'Papers, where and when they were listed, and the topics that found them. Reading is for everybody, within limits; ' +
  'what only operators may see or change needs a token of `paperboy token add`.';

/** The document of the API (OpenAPI 3.1), made from the schemas that check requests and shape answers. */
export function openApiDocument(routes: readonly ApiRoute[], publicUrl: string): OpenApi {
  const byPath = [...Map.groupBy(routes, ({ path }) => path)];
  const paths = Object.fromEntries(
    byPath.map(([path, there]) => [
      path,
      Object.fromEntries(there.map((one) => [one.method, operationOf(one)])),
    ]),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Paperboy', version: '1', description: ABOUT },
    servers: [{ url: new URL('/api/v1', publicUrl).href }],
    tags: [...new Set(routes.map(({ part }) => part))].map((name) => ({ name })),
    paths,
    components: { schemas: namedSchemas(), securitySchemes: { token: TOKEN } },
  };
}

const TOKEN = { type: 'http', scheme: 'bearer', description: 'Made by `paperboy token add`.' };

const uri = (id: string) => `#/components/schemas/${id}`;

function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(named, { uri, override: plainly });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema, $id, id: _, ...schema }]) => [id, schema]),
  );
}

/** A format says what a pattern of its own would say at length, and bounds that all numbers of JSON have say nothing. */
function plainly({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

/** A schema that has a name is told by it. */
function refTo(schema: z.ZodType): JsonSchema {
  const id = named.get(schema)?.id;
  if (id === undefined) throw new TypeError('a schema of a route has no name');
  return { $ref: uri(id) };
}

function operationOf(one: ApiRoute): Operation {
  const { id, part, summary, about, access, body } = one;
  return {
    operationId: id,
    tags: [part],
    summary,
    ...(about !== undefined && { description: about }),
    security: access === 'everybody' ? [{}, { token: [] }] : [{ token: [access] }],
    parameters: [...parametersOf('path', one.params), ...parametersOf('query', one.query)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: refTo(body) } } },
    }),
    responses: answersOf(one),
  };
}

function parametersOf(place: Parameter['in'], { shape }: z.ZodObject): Parameter[] {
  return Object.entries(shape).map(([name, schema]) => {
    const { $schema, description, ...told } = z.toJSONSchema(schema, {
      io: 'input',
      override: plainly,
    });
    const required = place === 'path' || !schema.safeParse(undefined).success;
    return { name, in: place, required, ...(description && { description }), schema: told };
  });
}

const PROBLEM: Content = { 'application/problem+json': { schema: refTo(Problem) } };
const WHEN: Readonly<Record<number, string>> = {
  400: 'A part of the request is wrong; `errors` names it.',
  401: 'The token is unknown, revoked, expired or cut short; or there is none where one is needed.',
  403: 'The token may only read.',
  404: 'There is none.',
  409: 'There is one of that name already.',
  415: 'The body is no JSON.',
  429: 'Too much in a minute; `Retry-After` says how long to wait.',
};
const RETRY = { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer' } } };
const UNCHANGED: Told = { description: 'It is as `If-None-Match` has it.' };

function answersOf(one: ApiRoute): Record<string, Told> {
  const { status, answer, access, body, problems, method } = one;
  const statuses = new Set<number>([400, 401, 429, ...problems]);
  if (access === 'write') statuses.add(403);
  if (body) statuses.add(415);
  return Object.fromEntries([
    [
      status,
      {
        description: named.get(answer)?.description ?? 'Done.',
        content: { 'application/json': { schema: refTo(answer) } },
      },
    ],
    ...(method === 'get' ? [[304, UNCHANGED]] : []),
    ...[...statuses].map((problem) => [
      problem,
      {
        description: WHEN[problem] ?? 'A problem.',
        content: PROBLEM,
        ...(problem === 429 && { headers: RETRY }),
      },
    ]),
  ]);
}
