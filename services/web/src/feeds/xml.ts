/** XML whose outside text is escaped: only `xml` makes it. */
export class Xml {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | Xml | readonly Value[];

/** A template of XML; text is escaped for elements and attributes alike. */
export function xml(strings: TemplateStringsArray, ...values: readonly Value[]): Xml {
  return new Xml(
    strings
      .map((piece, index) => piece + (index < values.length ? shown(values[index]) : ''))
      .join(''),
  );
}

function shown(value: Value | undefined): string {
  if (value === undefined) return '';
  if (value instanceof Xml) return value.text;
  return typeof value === 'string' ? escapeXml(value) : value.map(shown).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** What no XML 1.0 text may hold, not even as a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '')
    .replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}
