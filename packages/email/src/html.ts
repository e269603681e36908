import { stripControls } from '@paperboy/core';

declare const brand: unique symbol;
/** Markup that is safe to send: ours, or outside text that was escaped. Only this module makes it. */
export type Html = string & { readonly [brand]: 'html' };

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function asHtml(markup: string): Html {
  return markup as Html;
}

/** Outside text for use between tags and in quoted attributes; controls and bidi marks are dropped. */
export function escapeHtml(text: string): Html {
  return asHtml(stripControls(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? ''));
}

/** Joins markup; `between` is escaped. */
export function joinHtml(parts: readonly Html[], between = ''): Html {
  return asHtml(parts.join(escapeHtml(between)));
}

/** A cut of the layout: literals with a named slot between each two. */
export interface Piece {
  readonly literals: readonly string[];
  readonly slots: readonly string[];
}

/** Cuts `text {{slot}} text` once, so that what is filled in later is never read for slots again. */
export function pieceOf(template: string): Piece {
  const parts = template.split(/\{\{([a-zA-Z]+)\}\}/);
  return {
    literals: parts.filter((_, index) => index % 2 === 0),
    slots: parts.filter((_, index) => index % 2 === 1),
  };
}

/** The piece with its slots filled in one pass; a slot without a value stays empty. */
export function fillPiece(
  { literals, slots }: Piece,
  values: Readonly<Record<string, Html>>,
): Html {
  let markup = literals[0] ?? '';
  for (const [index, slot] of slots.entries()) {
    markup += (values[slot] ?? '') + (literals[index + 1] ?? '');
  }
  return asHtml(markup);
}

const SAFE_SCHEMES = ['https:', 'http:', 'mailto:'];
const LONGEST_URL = 2000;

/** An address as it may stand in a link, or undefined for other schemes, relative and overlong ones. */
export function safeUrl(url: string): string | undefined {
  const parsed = url.length > LONGEST_URL ? null : URL.parse(url);
  if (parsed === null) return undefined;
  const { protocol, href, username, password } = parsed;
  const isSafe = SAFE_SCHEMES.includes(protocol) && username === '' && password === '';
  // Quotes and blanks in a path come back encoded; what is left is escaped like any text.
  return isSafe && href.length <= LONGEST_URL ? href : undefined;
}
