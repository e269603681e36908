/** How servers say which number a message has with them. */
const FORMS = [
  // Postfix
  /\bqueued as ([\w-]{4,64})/i,
  // Exim
  /\bid=([\w-]{4,64})/,
  // Exchange, Microsoft 365
  /(<[^<>\s@]{1,200}@[^<>\s@]{1,200}>)/,
  // Amazon SES
  /^250 Ok ([\da-f]+(?:-[\da-f]+){2,})$/i,
];

/** The relay's own number of a message, from its yes; undefined where it tells none. An operator finds it in its log. */
export function relayIdIn(reply: string): string | undefined {
  for (const form of FORMS) {
    const id = form.exec(reply)?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}
