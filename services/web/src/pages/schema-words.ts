import type { JsonSchema } from '../api/openapi.ts';
import { dotted, type Html, html } from '../html.ts';

/** A sentence of the document; what stands in backticks is code. */
export function worded(text: string): Html {
  const pieces = text.split('`');
  return html`${pieces.map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece))}`;
}

/** The fields of a schema of objects, a row each; nothing for others. */
export function fieldRows({ properties, required }: JsonSchema): Html | string {
  if (!isSchema(properties)) return '';
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return html`<dl class="told">${Object.entries(properties).map(([name, told]) => {
    const field = isSchema(told) ? told : {};
    const about = typeof field.description === 'string' && worded(field.description);
    return html`<dt><code>${name}</code></dt><dd>${dotted([...shortly(field), !needed.includes(name) && 'may be left out', about])}</dd>`;
  })}</dl>`;
}

/** What a value may be, in a few words; a named schema as a link to it. */
export function shortly(schema: JsonSchema): (Html | string)[] {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return [html`<a href="#schema-${name}">${name}</a>`];
  }
  if (Array.isArray(schema.anyOf)) {
    const [first, ...others] = schema.anyOf.filter(isSchema).map(shortly);
    return [...(first ?? []), ...others.flat().map((other) => html`or ${other}`)];
  }
  if (Array.isArray(schema.enum)) return [schema.enum.map(String).join(', ')];
  if (schema.type === 'array' && isSchema(schema.items)) {
    return [html`list of ${shortly(schema.items)[0] ?? 'values'}`];
  }
  const { type, format, minimum, maximum, maxLength, default: byDefault } = schema;
  return [
    format === undefined ? [type ?? 'any'].flat().join(' or ') : String(format),
    minimum === undefined ? '' : `from ${String(minimum)}`,
    maximum === undefined ? '' : `to ${String(maximum)}`,
    maxLength === undefined ? '' : `at most ${String(maxLength)} characters`,
    byDefault === undefined || byDefault === '' ? '' : `${String(byDefault)} if left out`,
  ];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
