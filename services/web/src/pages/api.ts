import { ERROR_CATALOGUE } from '@paperboy/core';
import { Hono } from 'hono';
import { type OpenApi, type Operation, openApiDocument } from '../api/openapi.ts';
import { API_BASE, API_ROUTES } from '../api/serve.ts';
import type { WebDeps } from '../deps.ts';
import { dotted, type Html, html } from '../html.ts';
import { renderPage, type Site } from '../layout.ts';
import { REQUEST_CODES } from '../problems.ts';
import { fieldRows, shortly, worded } from './schema-words.ts';

/** The API for people: its document as a page, and the words on each of its codes. */
export function apiPage({ settings }: Pick<WebDeps, 'settings'>, site: Site): Hono {
  let page: ReturnType<typeof renderPage> | undefined;
  const routes = new Hono();
  routes.get('/api', (c) => {
    page ??= renderPage(site, {
      title: 'API',
      width: 'narrow',
      body: reference(openApiDocument(API_ROUTES, settings.publicUrl)),
    });
    return c.html(page);
  });
  return routes;
}

function reference(document: OpenApi): Html {
  const { info, servers, tags, openapi, components } = document;
  const operations = Object.entries(document.paths).flatMap(([path, there]) =>
    Object.entries(there).map(([method, operation]) => ({ method, path, operation })),
  );
  const parts = tags.map(({ name }, index) => ({ name, id: `part-${index + 1}` }));
  const jumps = [
    ...parts,
    { name: 'Schemas', id: 'schemas' },
    { name: 'Problems', id: 'problems' },
  ];
  return html`<article class="sheet">
<h1>API</h1>
<p class="lead">${worded(info.description)}</p>
<pre class="command" tabindex="0"><code>curl ${servers[0]?.url}/papers?limit=5</code></pre>
<p>All of this is in <a href="/openapi.json">openapi.json</a> (OpenAPI ${openapi}). Lists end with <code>next</code>: give it as <code>cursor</code> to go on. Answers carry an <code>ETag</code>; sent back as <code>If-None-Match</code> it saves the rest while nothing has changed. A token goes into the header <code>Authorization: Bearer …</code>.</p>
<nav class="fields-of" aria-label="Parts of the API"><ul>${jumps.map(({ name, id }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${parts.map(
  ({ name, id }) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${name}</h2>
${operations.filter(({ operation }) => operation.tags.includes(name)).map(routeEntry)}
</section>`,
)}
<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas).map(([name, schema]) => {
  const about = typeof schema.description === 'string' ? worded(schema.description) : '';
  return folded({ id: `schema-${name}`, title: name, about }, html`${fieldRows(schema)}`);
})}
</section>
<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<p>A problem is <code>application/problem+json</code> (RFC 9457). Its <code>type</code> leads to one of these.</p>
<dl class="told">${REQUEST_CODES.map(({ code, status }) => html`<dt id="${code}">${status} <code>${code}</code></dt><dd>${worded(ERROR_CATALOGUE[code].help)}</dd>`)}</dl>
</section>
</article>`;
}

interface RouteTold {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

function routeEntry({ method, path, operation }: RouteTold): Html {
  const { operationId, summary, description, parameters, requestBody, security } = operation;
  const scope = security[0]?.token?.[0];
  const body = requestBody?.content['application/json']?.schema;
  const title = `${method.toUpperCase()} ${API_BASE}${path}`;
  const token = scope === undefined ? '' : html` <span class="label">Token: ${scope}</span>`;
  return folded(
    { id: operationId, title, about: html`${worded(summary)}${token}` },
    html`${description === undefined ? '' : html`<p class="small">${worded(description)}</p>`}
<dl class="told">${parameters.map(
      ({ name, required, description: about, schema }) =>
        html`<dt><code>${name}</code></dt><dd>${dotted([...shortly(schema), required && 'required', about && worded(about)])}</dd>`,
    )}${body === undefined ? '' : html`<dt>Body</dt><dd>${dotted(shortly(body))}</dd>`}${answerRows(operation)}</dl>`,
  );
}

interface Fold {
  readonly id: string;
  readonly title: string;
  readonly about: Html | '';
}

/** A part that is opened by its heading, or by a link to its id: that stands inside, where browsers open it by themselves. */
function folded({ id, title, about }: Fold, content: Html): Html {
  return html`<details class="route"><summary><h3>${title}</h3> <span class="about">${about}</span></summary>
<div id="${id}">${content}</div></details>`;
}

/** What comes back, and in one row the statuses of what may go wrong: their words are those of the problems. */
function answerRows({ responses }: Operation): Html {
  const answers = Object.entries(responses);
  const problems = answers.filter(([status]) => Number(status) >= 400).map(([status]) => status);
  return html`${answers
    .filter(([status]) => Number(status) < 400)
    .map(([status, { description, content }]) => {
      const schema = content?.['application/json']?.schema;
      return html`<dt>${status}</dt><dd>${dotted([...(schema ? shortly(schema) : []), worded(description)])}</dd>`;
    })}<dt>Problems</dt><dd>${problems.join(', ')}</dd>`;
}
