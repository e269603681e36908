/** A mail's header fields and its plain text. */
export interface MailText {
  /** By lower-case name; the first of a name counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const HEADER = /^([A-Za-z][A-Za-z-]{1,60}):[ \t]*(.*)$/;
/** Far above any real header. */
const MAX_HEADER_LINES = 500;

/**
 * Takes a saved mail apart: a listing kept as text, or a whole message with its plain part in 7bit, 8bit,
 * quoted-printable or base64. A text that does not begin with header fields is all body.
 */
export function mailText(text: string): MailText {
  const whole = splitHeaders(text.replace(/^\s*(?:>?From [^\n]*\n)?/, ''));
  const boundary = parameter(whole.headers.get('content-type'), 'boundary');
  const isMultipart = /^multipart\//i.test(whole.headers.get('content-type') ?? '');
  if (!isMultipart || boundary === undefined) return { ...whole, body: decodeBody(whole) };
  const parts = whole.body
    .split(`--${boundary}`)
    .slice(1)
    .map((part) => splitHeaders(part.replace(/^\r?\n/, '')));
  const plain = parts.find(({ headers }) =>
    /^text\/plain/i.test(headers.get('content-type') ?? 'text/plain'),
  );
  return { headers: whole.headers, body: plain === undefined ? '' : decodeBody(plain) };
}

function splitHeaders(text: string): MailText {
  const headers = new Map<string, string>();
  let from = 0;
  let name: string | undefined;
  for (let count = 0; count < MAX_HEADER_LINES && from < text.length; count++) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end).replace(/\r$/, '');
    if (line === '' && headers.size > 0) {
      return { headers, body: end < 0 ? '' : text.slice(end + 1) };
    }
    const field = HEADER.exec(line.slice(0, 2_000));
    if (/^[ \t]/.test(line) && name !== undefined) {
      headers.set(name, `${headers.get(name) ?? ''} ${line.trim()}`.slice(0, 4_000));
    } else if (field?.[1] !== undefined) {
      name = field[1].toLowerCase();
      if (!headers.has(name)) headers.set(name, field[2] ?? '');
    } else {
      break;
    }
    if (end < 0) break;
    from = end + 1;
  }
  return { headers: new Map(), body: text };
}

function parameter(header: string | undefined, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}=(?:"([^"]{1,200})"|([^\\s;"]{1,200}))`, 'i').exec(
    header ?? '',
  );
  return found?.[1] ?? found?.[2];
}

function decodeBody({ headers, body }: MailText): string {
  const encoding = (headers.get('content-transfer-encoding') ?? '').trim().toLowerCase();
  if (encoding !== 'quoted-printable' && encoding !== 'base64') return body;
  const bytes = encoding === 'base64' ? base64Bytes(body) : quotedPrintableBytes(body);
  const charset = parameter(headers.get('content-type'), 'charset') ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A name that no one knows: arXiv writes ASCII, of which UTF-8 is a superset.
    return new TextDecoder().decode(bytes);
  }
}

/** A tail that is no whole group of four is left out; the listing then lacks its end mark, which tells. */
function base64Bytes(body: string): Uint8Array {
  const signs = body.replace(/[^A-Za-z0-9+/]/g, '');
  const whole = signs.slice(0, signs.length - (signs.length % 4 === 1 ? 1 : 0));
  return Uint8Array.from(atob(whole), (sign) => sign.charCodeAt(0));
}

function quotedPrintableBytes(body: string): Uint8Array {
  const joined = body.replace(/=[ \t]*\r?\n/g, '');
  const raw = new TextEncoder().encode(joined);
  const bytes = new Uint8Array(raw.length);
  let length = 0;
  for (let at = 0; at < raw.length; at++) {
    const code = raw[at] === 0x3d ? hexPair(raw[at + 1], raw[at + 2]) : undefined;
    bytes[length++] = code ?? raw[at] ?? 0;
    if (code !== undefined) at += 2;
  }
  return bytes.subarray(0, length);
}

function hexPair(high = 0, low = 0): number | undefined {
  const pair = String.fromCharCode(high, low);
  return /^[\dA-Fa-f]{2}$/.test(pair) ? Number.parseInt(pair, 16) : undefined;
}
