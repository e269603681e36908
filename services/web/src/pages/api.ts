import { ERROR_CATALOGUE } from '@paperboy/core';
import { Hono } from 'hono';
import { type JsonSchema, type OpenApi, type Operation, openApiDocument } from '../api/openapi.ts';
import { API_BASE, API_ROUTES } from '../api/serve.ts';
import type { WebDeps } from '../deps.ts';
import { dotted, type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { REQUEST_CODES } from '../problems.ts';

/** The API for people: its document as a page, and the words on each of its codes. */
export function apiPage({ settings }: Pick<WebDeps, 'settings'>, site: Site): Hono {
  const document = openApiDocument(API_ROUTES, settings.publicUrl);
  const page = renderPage(site, { title: 'API', width: 'narrow', body: reference(document) });
  const routes = new Hono();
  routes.get('/api', (c) => c.html(page));
  return routes;
}

function reference(document: OpenApi): Html {
  const operations = Object.entries(document.paths).flatMap(([path, there]) =>
    Object.entries(there).map(([method, operation]) => ({ method, path, operation })),
  );
  return html`<article class="sheet">
<h1>API</h1>
<p class="lead">${document.info.description}</p>
<pre class="command" tabindex="0"><code>curl ${document.servers[0]?.url}/papers?limit=5</code></pre>
<p>All of this is in <a href="/openapi.json">openapi.json</a> (OpenAPI ${document.openapi}). Lists end with <code>next</code>: give it as <code>cursor</code> to go on. Answers carry an <code>ETag</code>; sent back as <code>If-None-Match</code> it saves the rest while nothing has changed. A token goes into the header <code>Authorization: Bearer …</code>.</p>
${document.tags.map(
  ({ name }, index) => html`<section aria-labelledby="part-${index}">
<h2 id="part-${index}">${name}</h2>
${operations.filter(({ operation }) => operation.tags.includes(name)).map(operationEntry)}
</section>`,
)}
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>
${Object.entries(document.components.schemas).map(
  ([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>
${schema.description === undefined ? '' : html`<p>${String(schema.description)}</p>`}
${fieldList(schema)}</section>`,
)}
</section>
<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<p>A problem is <code>application/problem+json</code> (RFC 9457). Its <code>type</code> leads to one of these.</p>
<dl class="topics">${REQUEST_CODES.map(({ code, status }) => html`<dt id="${code}">${status} <code>${code}</code></dt><dd>${ERROR_CATALOGUE[code].help}</dd>`)}</dl>
</section>
</article>`;
}

function operationEntry({
  method,
  path,
  operation,
}: {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}): Html {
  const { summary, description, parameters, requestBody, responses, security } = operation;
  const scope = security[0]?.token?.[0];
  const body = requestBody?.content['application/json']?.schema;
  return html`<section id="${operation.operationId}">
<h3><code>${method.toUpperCase()} ${API_BASE}${path}</code></h3>
<p>${summary}.${scope === undefined ? '' : html` <span class="label">Token: ${scope}</span>`}</p>
${description === undefined ? '' : html`<p class="small">${description}</p>`}
<dl class="topics">${parameters.map(
    ({ name, required, description: about, schema }) =>
      html`<dt><code>${name}</code></dt><dd>${dotted([...shortly(schema), required && 'required', about])}</dd>`,
  )}${body === undefined ? '' : html`<dt>Body</dt><dd>${dotted(shortly(body))}</dd>`}${Object.entries(
    responses,
  ).map(([status, { description: about, content }]) => {
    const schema = content?.['application/json']?.schema;
    return html`<dt>${status}</dt><dd>${dotted([...(schema ? shortly(schema) : []), about])}</dd>`;
  })}</dl>
</section>`;
}

function fieldList(schema: JsonSchema): Html | string {
  const { properties } = schema;
  if (!isSchema(properties)) return '';
  const required = Array.isArray(schema.required) ? schema.required : [];
  return html`<dl class="topics">${Object.entries(properties).map(([name, told]) => {
    const field = isSchema(told) ? told : {};
    const about = typeof field.description === 'string' ? field.description : undefined;
    const isOptional = !required.includes(name);
    return html`<dt><code>${name}</code></dt><dd>${dotted([...shortly(field), isOptional && 'may be left out', about])}</dd>`;
  })}</dl>`;
}

/** What a value may be, in a few words. */
function shortly(schema: JsonSchema): (Html | string)[] {
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
