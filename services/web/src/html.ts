import { html as tagged } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** Markup whose outside text is escaped: only `html` makes it. */
export type Html = HtmlEscapedString;

/** What may stand in a template: text is escaped, markup is not, and what is absent leaves nothing. */
type Value = string | number | false | undefined | Html | readonly Value[];

/** A template of markup. Hono's own may also be a promise, when a value is one; here none is. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const made = tagged(strings, ...values);
  if (made instanceof Promise) throw new TypeError('a template waits for one of its values');
  return made;
}

const SAFE_SCHEMES = ['https:', 'http:'];
const LONGEST_URL = 2_000;

/** An address as it may stand in a link of a page, or undefined: then the text is shown without one. */
export function safeUrl(address: string): string | undefined {
  if (address.length > LONGEST_URL || !URL.canParse(address)) return undefined;
  const { protocol, href, username, password } = new URL(address);
  const isSafe = SAFE_SCHEMES.includes(protocol) && username === '' && password === '';
  return isSafe ? href : undefined;
}

/** Markup pieces with a middle dot between them; absent ones leave no dot behind. */
export function dotted(pieces: readonly (Html | string | undefined | false)[]): Html {
  const shown = pieces.filter((piece) => piece !== undefined && piece !== false && piece !== '');
  return html`${shown.map((piece, index) => (index === 0 ? piece : html` <span class="dot" aria-hidden="true">·</span> ${piece}`))}`;
}
