import { type ListedOn, parseListedOn, stripControls } from '@paperboy/core';
import { z } from 'zod';

/** Schemas that the document names; all others stand where they are used. */
export const named = z.registry<{ readonly id: string; readonly description?: string }>();

/** Gives a schema its name in the document. */
export function as<Schema extends z.ZodType>(
  id: string,
  description: string,
  schema: Schema,
): Schema {
  named.add(schema, { id, description });
  return schema;
}

/** The id of a row: a decimal number as text, as it may be larger than JSON's numbers are exact. */
export const rowId = z.string().regex(/^[1-9]\d{0,17}$/, 'expected the number of a row');

/** A score within a cursor; what Postgres's `real` cannot hold is none. */
export const score = z
  .number()
  .max(1e6)
  .refine((value) => value === 0 || value > 1e-30, 'expected a score');

/** A day such as `2026-03-11`. */
export const day = z.iso.date();
/** The same, as it is asked for: one that there is. */
export const askedDay = day.transform((text, context): ListedOn => {
  const read = parseListedOn(text);
  if (read === undefined) context.addIssue({ code: 'custom', message: 'there is no such day' });
  return read ?? z.NEVER;
});

/** A moment in UTC. */
export const instant = z.iso.datetime();

export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and hyphens');

/** One line of visible text: white space at its ends goes, controls and halves of characters are refused. */
export function line(most: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => stripControls(text) === text && !/[\t\n\r]/.test(text), {
      error: 'expected one line of visible characters',
    });
}

/** How many rows an answer has at most. */
export function limit(byDefault: number, most: number) {
  return z.coerce.number().int().min(1).max(most).default(byDefault);
}

/** `next` of the answer before. */
export const cursor = z.string().min(1).max(200).optional();

/** A part of a list, with where it goes on. */
export function listOf<Item extends z.ZodType>(id: string, description: string, item: Item) {
  return as(
    id,
    description,
    z.object({
      items: z.array(item),
      next: z
        .string()
        .nullable()
        .describe('The cursor of what follows; null at the end. `Link` has the whole address.'),
    }),
  );
}

/** RFC 9457, with our code, what can be done, and every part of the request that is wrong. */
export const Problem = as(
  'Problem',
  'What went wrong (RFC 9457). `type` leads to the words on its code.',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().optional().describe('As in docs/errors.md.'),
    retry: z.boolean().optional().describe('Whether the same request can succeed later.'),
    errors: z.array(z.object({ at: z.string(), message: z.string() })).optional(),
    requestId: z.string().describe('The log has it too.'),
  }),
);
