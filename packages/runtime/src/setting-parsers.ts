/** Reads one kind of setting from its text, and prints a value as a text that reads back the same. */
export interface SettingParser<T> {
  /** Ends the sentence "… is not ", as in `a duration such as 30s or 5m`. */
  readonly expects: string;
  /** The value, or undefined if the text is not of this kind. */
  read(text: string): T | undefined;
  print(value: T): string;
}

/** Any text on one line. */
export const text: SettingParser<string> = {
  expects: 'a text on one line',
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  read: (given) => (/[\u0000-\u001f\u007f]/.test(given) ? undefined : given),
  print: (value) => value,
};

export const onOff: SettingParser<boolean> = {
  expects: '"on" or "off"',
  read(given) {
    if (['on', 'true', 'yes', '1'].includes(given.toLowerCase())) return true;
    if (['off', 'false', 'no', '0'].includes(given.toLowerCase())) return false;
    return undefined;
  },
  print: (value) => (value ? 'on' : 'off'),
};

export const port: SettingParser<number> = {
  expects: 'a port from 1 to 65535',
  read: (given) => wholeNumber(given, 1, 65_535),
  print: String,
};

/** A whole number between the two bounds, both included. */
export function numberFrom(least: number, most: number): SettingParser<number> {
  return {
    expects: `a whole number from ${least} to ${most}`,
    read: (given) => wholeNumber(given, least, most),
    print: String,
  };
}

/** One of a few words. */
export function choice<const T extends string>(...words: readonly T[]): SettingParser<T> {
  return {
    expects: `one of ${words.join(', ')}`,
    read: (given) => words.find((word) => word === given.toLowerCase()),
    print: (value) => value,
  };
}

/** A private key. In a variable, where lines are hard to give, `\\n` stands for a line end. */
export const privateKey: SettingParser<string> = {
  expects: 'a private key in PEM form (-----BEGIN PRIVATE KEY----- …)',
  read(given) {
    const lines = given.replaceAll('\\n', '\n').trim();
    const isPem =
      /^-----BEGIN [A-Z ]*PRIVATE KEY-----\r?\n[\w+/=\r\n]+-----END [A-Z ]*PRIVATE KEY-----$/;
    return given === '' || isPem.test(lines) ? lines : undefined;
  },
  print: (value) => value,
};

const MS_PER = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time span above zero, in milliseconds. A number needs its unit, so that nobody mistakes seconds for milliseconds. */
export const duration: SettingParser<number> = {
  expects: 'a duration such as 30s or 5m',
  read: (given) => quantity(given, MS_PER),
  print: (value) => printQuantity(value, MS_PER),
};

const BYTES_PER = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** An amount of data above zero, in bytes. */
export const size: SettingParser<number> = {
  expects: 'a size such as 500KiB or 15MiB',
  read: (given) => quantity(given, BYTES_PER),
  print: (value) => printQuantity(value, BYTES_PER),
};

/** A URL with one of the schemes; a word of `words` stands for itself. Kept as text, without a slash at the end. */
export function url(
  schemes: readonly string[],
  words: readonly string[] = [],
): SettingParser<string> {
  const starts = schemes.map((scheme) => `${scheme}://…`);
  const quoted = words.map((word) => `"${word}"`);
  return {
    expects: `a URL such as ${[...starts, ...quoted].join(' or ')}`,
    read(given) {
      if (words.includes(given)) return given;
      const parsed = URL.parse(given);
      if (parsed === null || parsed.hostname === '') return undefined;
      return schemes.includes(parsed.protocol.slice(0, -1)) ? given.replace(/\/+$/, '') : undefined;
    },
    print: (value) => value,
  };
}

/** A domain in letters of ASCII, lower-cased; empty where there is none. */
export const domain: SettingParser<string> = {
  expects: 'a domain such as bounces.example.org',
  read(given) {
    const name = given.toLowerCase();
    return name === '' || /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{2,63}$/.test(name)
      ? name
      : undefined;
  },
  print: (value) => value,
};

/** Where to listen, `host:port`; empty for nowhere. */
export const listenAddress: SettingParser<string> = {
  expects: 'a host and a port such as 0.0.0.0:25',
  read(given) {
    if (given === '') return given;
    const [, digits] = /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\]):(\d{1,5})$/i.exec(given) ?? [];
    return digits !== undefined && wholeNumber(digits, 0, 65_535) !== undefined ? given : undefined;
  },
  print: (value) => value,
};

/** A sender: `ada@example.org`, or `Ada <ada@example.org>`. */
export const mailbox: SettingParser<string> = {
  expects: 'a sender such as Paperboy <paperboy@example.org>',
  read(given) {
    const address = /^[^<>]*<([^<>]+)>$/.exec(given)?.[1] ?? given;
    return /^[^\s@<>,"]+@[^\s@<>,"]+$/.test(address) ? text.read(given) : undefined;
  },
  print: (value) => value,
};

function wholeNumber(given: string, least: number, most: number): number | undefined {
  if (!/^\d{1,15}$/.test(given)) return undefined;
  const value = Number(given);
  return value >= least && value <= most ? value : undefined;
}

function quantity(given: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, word] = /^(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)$/i.exec(given) ?? [];
  const unit = Object.entries(units).find(([name]) => name.toLowerCase() === word?.toLowerCase());
  if (digits === undefined || unit === undefined) return undefined;
  const value = Math.round(Number(digits) * unit[1]);
  return value > 0 && Number.isSafeInteger(value) ? value : undefined;
}

function printQuantity(value: number, units: Readonly<Record<string, number>>): string {
  const whole = Object.entries(units).filter(([, factor]) => value % factor === 0);
  const [name, factor] = whole.at(-1) ?? ['', 1];
  return `${value / factor}${name}`;
}
