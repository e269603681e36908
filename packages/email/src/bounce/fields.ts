/** Header-like fields by their name in lower case; a name that stands twice has both values. */
export type Fields = ReadonlyMap<string, readonly string[]>;

const NAME = /^([!-9;-~]{1,80})[ \t]*:/;

/** Reads a block of fields (RFC 5322 2.2): continued lines are joined, lines that are none are passed over. LF line ends. */
export function readFields(block: string): Fields {
  const fields = new Map<string, string[]>();
  let values: string[] | undefined;
  for (const line of block.split('\n')) {
    if (/^[ \t]/.test(line)) {
      const last = values?.pop();
      if (last !== undefined) values?.push(`${last} ${line.trim()}`);
      continue;
    }
    const name = NAME.exec(line)?.[1];
    values = undefined;
    if (name === undefined) continue;
    values = fields.get(name.toLowerCase()) ?? [];
    values.push(line.slice(line.indexOf(':') + 1).trim());
    fields.set(name.toLowerCase(), values);
  }
  return fields;
}

/** The blocks of fields that empty lines part. */
export function readFieldGroups(text: string): Fields[] {
  return text
    .split(/\n[ \t]*\n/)
    .map((block) => readFields(block))
    .filter((fields) => fields.size > 0);
}

/** The first value of a field, or an empty text. */
export function fieldOf(fields: Fields, name: string): string {
  return fields.get(name)?.[0] ?? '';
}

/** Without the comments in brackets that RFC 822 allows anywhere; nested ones too. */
export function withoutComments(value: string): string {
  let depth = 0;
  let text = '';
  for (const sign of value) {
    if (sign === '(') depth += 1;
    else if (sign === ')' && depth > 0) depth -= 1;
    else if (depth === 0) text += sign;
  }
  return text.trim();
}
