import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Frame,
  type Page,
} from 'playwright-core';

/** The same engine without a window takes half the time of both processors: a context of it is one process, not four. */
const PROGRAMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'] as const;
const PROGRAM = PROGRAMS.find((file) => existsSync(file));

/** False where chromium is missing. In CI it has to be there: what needs it then runs, and fails. */
export function canRunBrowser(): boolean {
  return PROGRAM !== undefined || Boolean(process.env.CI);
}

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: PROGRAM ?? PROGRAMS[0],
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      // Requests of the browser's own.
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

export interface PageFacts {
  /** Texts of the h1. */
  readonly headings: readonly string[];
  /** Of the window, or of the frame that the page is shown in. */
  readonly widthPx: number;
  /** By how much the page is wider than that. */
  readonly overflowPx: number;
  readonly isDark: boolean;
  /** How many elements show text of their own. */
  readonly texts: number;
  /** Those of them with less contrast than 4.5:1 (WCAG 2.2, 1.4.3), with their ratio. */
  readonly dimTexts: readonly string[];
  /** Addresses of all links, whole. */
  readonly links: readonly string[];
  /** Links within the page that lead nowhere. */
  readonly deadAnchors: readonly string[];
}

export interface FocusFacts {
  readonly name: string;
  readonly isInView: boolean;
  readonly outlinePx: number;
  /** Of the outline to what is around the element. */
  readonly outlineContrast: number;
}

const FACTS = readFileSync(join(import.meta.dirname, 'page-facts.js'), 'utf8')
  .trim()
  .replace(/;$/, '');

export function look(page: Page | Frame): Promise<PageFacts> {
  return page.evaluate<PageFacts>(`(${FACTS}).look()`);
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** For a context that `barriers` looks at often: its pages keep axe-core, and it is sent and compiled once, not for each. */
export function bringAxe(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(AXE);
}

/**
 * What axe-core finds wrong for those who listen, see little or use no mouse, a line each. A mail is shown inside
 * the client's own landmarks, so it needs none. Its rule on contrast takes as long as all others together, and
 * `look` has one too.
 */
export async function barriers(page: Page, { contrast = false } = {}): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(AXE);
  const off = ['region', 'landmark-one-main', ...(contrast ? [] : ['color-contrast'])];
  const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
  // No script runs in the frame of a mail: asking it is waiting for nothing.
  const options = { rules, resultTypes: ['violations'], iframes: false };
  const { violations, passes } = await page.evaluate<Pick<AxeResults, 'violations' | 'passes'>>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  if (passes.length === 0) throw new Error('axe looked at nothing');
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 200)}`);
}

/** Adds up how far things move by themselves on the pages of a context (CLS, of web.dev/articles/cls), for `shiftOf`. */
export function watchShifts(context: BrowserContext): Promise<unknown> {
  return context.addInitScript(`
    globalThis.shift = 0;
    new PerformanceObserver((seen) => {
      for (const { hadRecentInput, value } of seen.getEntries()) if (!hadRecentInput) globalThis.shift += value;
    }).observe({ type: 'layout-shift', buffered: true });`);
}

/** Once the page stands as it was drawn. */
export function shiftOf(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(globalThis.shift))))`);
}

/** Presses Tab and tells where the keyboard is then; null when it has left the page. */
export async function tab(page: Page): Promise<FocusFacts | null> {
  await page.keyboard.press('Tab');
  return page.evaluate<FocusFacts | null>(`(${FACTS}).focus()`);
}

/**
 * What goes wrong in a page from now on: errors and warnings of its scripts and in its console, requests to anybody
 * but `origin`, and requests that fail.
 */
export function watch(page: Page, origin: string): string[] {
  const wrong: string[] = [];
  page.on('pageerror', ({ message }) => wrong.push(`error: ${message}`));
  page.on('console', (said) => {
    if (said.type() === 'error' || said.type() === 'warning') wrong.push(`console: ${said.text()}`);
  });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.origin !== origin && asked.protocol !== 'data:') wrong.push(`request: ${asked}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // The page was left while the request was under way.
    if (reason !== 'net::ERR_ABORTED') wrong.push(`failed: ${request.url()} ${reason}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 400) wrong.push(`answer: ${answer.status()} ${answer.url()}`);
  });
  return wrong;
}
