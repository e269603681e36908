import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { compileMjml } from './compile-mjml.ts';

/** Compiles our own template once for all, as no start should load mjml for what never changes. */
const TEMPLATES = new URL('./templates/', import.meta.url);
const source = readFileSync(new URL('digest.mjml', TEMPLATES), 'utf8');
const { html, problems } = await compileMjml(source);
if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
const sourceHash = createHash('sha256').update(source).digest('hex');
const compiled = JSON.stringify({ sourceHash, html }, null, 2);
writeFileSync(new URL('digest.compiled.json', TEMPLATES), `${compiled}\n`);
