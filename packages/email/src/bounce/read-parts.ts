import PostalMime, { type Attachment, decodeWords } from 'postal-mime';
import { type Fields, readFields } from './fields.ts';
import { cutReturned, textOfHtml, withLineFeeds } from './report-text.ts';

/** The parts of a message that can say what became of another one. */
export interface ReportParts {
  readonly headers: Fields;
  /** What its writer says, with the returned message cut off. */
  readonly text: string;
  /** Delivery statuses (RFC 3464) anywhere in the tree. */
  readonly statuses: readonly string[];
  /** A feedback report (RFC 5965). */
  readonly feedback?: string;
  /** What it returns of the message it is about; the beginning at least. */
  readonly returned: string;
}

const MOST_BYTES = 2 ** 20;
const MOST_DEPTH = 20;
const MOST_HEADER_BYTES = 256 * 1024;
const MOST_TEXT = 128 * 1024;
const MOST_RETURNED = 64 * 1024;

const STATUS_TYPES = new Set(['message/delivery-status', 'message/global-delivery-status']);
const RETURNED_TYPES = new Set([
  'message/rfc822',
  'message/global',
  'message/partial',
  'message/global-headers',
  'text/rfc822-headers',
]);

/** Takes a message apart, whatever its damage. Never rejects. Only the first MiB is looked at. */
export async function readParts(raw: Uint8Array): Promise<ReportParts> {
  const clean = withLineFeeds(raw.subarray(0, MOST_BYTES));
  try {
    return await readTree(clean);
  } catch {
    // Absurd nesting or headers: what stands there is still text.
    return readFlat(clean);
  }
}

async function readTree(clean: Buffer): Promise<ReportParts> {
  const mail = await PostalMime.parse(clean, {
    forceRfc822Attachments: true,
    maxNestingDepth: MOST_DEPTH,
    maxHeadersSize: MOST_HEADER_BYTES,
  });
  const { attachments } = mail;
  const partsOf = (types: ReadonlySet<string>) =>
    attachments.filter(({ mimeType }) => types.has(mimeType)).map(textOf);
  const statuses = partsOf(STATUS_TYPES);
  const feedback = partsOf(new Set(['message/feedback-report']))[0];
  const html = (mail.html ?? '').slice(0, MOST_TEXT);
  const shown = (mail.text ?? textOfHtml(html)).slice(0, MOST_TEXT).replaceAll('\r', '');
  const { said, returned } = cutReturned(shown);
  const tree: ReportParts = {
    headers: readFields(
      mail.headers.map(({ key, value }) => `${key}: ${decoded(value)}`).join('\n'),
    ),
    text: said,
    statuses: statuses.length > 0 ? statuses : attachments.filter(isNamedStatus).map(textOf),
    returned: [...partsOf(RETURNED_TYPES), returned].join('\n').slice(0, MOST_RETURNED),
    ...(feedback !== undefined && { feedback }),
  };
  const isBare = said.trim() === '' && tree.statuses.length === 0 && feedback === undefined;
  // A boundary that is missing or written otherwise hides every part from the parser.
  return isBare ? readFlat(clean) : withStatusInText(tree);
}

function readFlat(clean: Buffer): ReportParts {
  const whole = clean.toString('utf8');
  const end = whole.indexOf('\n\n');
  const head = end < 0 ? whole : whole.slice(0, end);
  const body = end < 0 ? '' : whole.slice(end + 2);
  const { said, returned } = cutReturned(body.slice(0, MOST_TEXT));
  return withStatusInText({
    headers: readFields(head.slice(0, MOST_HEADER_BYTES)),
    text: said,
    statuses: [],
    returned: returned.slice(0, MOST_RETURNED),
  });
}

/** A status may stand in the text itself, where a gateway has flattened the message. */
function withStatusInText(parts: ReportParts): ReportParts {
  if (parts.statuses.length > 0) return parts;
  const start = /^(?:reporting-mta|final-recipient|original-recipient)[ \t]*:/im.exec(parts.text);
  if (start === null || !/^action[ \t]*:/im.test(parts.text)) return parts;
  return {
    ...parts,
    text: parts.text.slice(0, start.index),
    statuses: [parts.text.slice(start.index)],
  };
}

/** An encoded word that hides a line end must not make a header of its own. */
function decoded(value: string): string {
  return decodeWords(value).replace(/\s+/g, ' ');
}

function isNamedStatus({ filename, mimeType }: Attachment): boolean {
  return (
    mimeType === 'text/plain' && /^(?:details|delivery.?status|ATT\d+)\.txt$/i.test(filename ?? '')
  );
}

function textOf({ content }: Attachment): string {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
  return text.slice(0, MOST_RETURNED).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
}
