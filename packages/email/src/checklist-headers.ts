import { fieldsNamed, isTextAlone, type MessageToCheck, valueNamed } from './checklist-message.ts';
import type { Rule } from './checklist-rule.ts';
import { claim, type Finding, fail, pass, unknown } from './finding.ts';

const ONCE = ['From', 'Date', 'Subject', 'Message-ID'];
const ADDRESSED = ['From', 'Reply-To', 'To'];
const LONGEST_LINE = 998;
const SUBJECT_LENGTH = 60;
const URI_LENGTH = 70;

/** What RFC 5322, 2369, 2919, 3834 and 8058 and the large receivers ask of header and lines. */
export const HEADER_RULES: readonly Rule[] = [
  {
    id: 'single-headers',
    rule: 'From, Date, Subject and Message-ID stand exactly once',
    level: 'required',
    fix: 'Write each of them once: several are refused, or shown as the forger likes.',
    judge(message) {
      const wrong = ONCE.map((name) => [name, fieldsNamed(message, name).length] as const).filter(
        ([, times]) => times !== 1,
      );
      return claim(
        wrong.length === 0,
        'each once',
        wrong.map(([name, times]) => `${name} ${times} times`).join(', '),
      );
    },
  },
  {
    id: 'from-answerable',
    rule: 'From is one plain address of ours that can be answered',
    level: 'required',
    fix: 'Set MAIL_FROM to an address of your domain whose mail somebody reads.',
    judge({ mail, fromDomain, facts: { ourDomain } }) {
      const from = mail?.from ?? '';
      if (fromDomain === undefined) return fail(from || 'no address');
      if (/^(?:.*<)?(?:no|do[-_.]?not)[-_.]?reply@/i.test(from))
        return fail(`${from} takes no answer`);
      if (ourDomain !== undefined && fromDomain !== ourDomain)
        return fail(`${from}, not ${ourDomain}`);
      return pass(from);
    },
  },
  {
    id: 'message-id',
    rule: 'The Message-ID is of our domain',
    level: 'required',
    fix: 'Let the part after the @ be the domain of MAIL_FROM.',
    judge(message) {
      const value = valueNamed(message, 'Message-ID') ?? '';
      const domain = /^<[^<>@\s]+@([\w.-]+)>$/.exec(value)?.[1]?.toLowerCase();
      if (domain === undefined) return fail(value || 'none');
      const ours = message.facts.ourDomain ?? message.fromDomain ?? '';
      return claim(
        domain === ours || ours.endsWith(`.${domain}`) || domain.endsWith(`.${ours}`),
        value,
      );
    },
  },
  {
    id: 'date',
    rule: 'Date has the form of RFC 5322',
    level: 'required',
    fix: 'Write dates as in Wed, 11 Mar 2026 07:30:00 +0000.',
    judge(message) {
      const value = valueNamed(message, 'Date') ?? '';
      const form =
        /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}$/;
      return claim(form.test(value) && !Number.isNaN(Date.parse(value)), value || 'none');
    },
  },
  {
    id: 'line-length',
    rule: `No line is longer than ${LONGEST_LINE} octets`,
    level: 'required',
    fix: 'Encode the parts as quoted-printable and keep links short.',
    judge({ bytes }) {
      const longest = Math.max(...bytes.split('\n').map((line) => line.replace(/\r$/, '').length));
      return claim(longest <= LONGEST_LINE, `the longest has ${longest}`);
    },
  },
  {
    id: 'crlf',
    rule: 'Every line ends in CRLF',
    level: 'required',
    fix: 'Turn every line end into CRLF before signing: bare ones are refused or break the signature.',
    judge({ bytes }) {
      const bare = bytes.replaceAll('\r\n', '').match(/[\r\n]/g)?.length ?? 0;
      if (bare > 0) return fail(`${bare} bare CR or LF`);
      return claim(bytes.endsWith('\r\n'), 'CRLF alone', 'the last line has no end');
    },
  },
  {
    id: 'ascii',
    rule: 'Header and body are ASCII without controls',
    level: 'required',
    fix: 'Write other letters of a header as encoded words (RFC 2047), those of a part in quoted-printable.',
    judge({ bytes }) {
      const wrong = bytes.match(/[^\t\r\n\x20-\x7e]/g)?.length ?? 0;
      return claim(wrong === 0, 'ASCII alone', `${wrong} other bytes`);
    },
  },
  {
    id: 'addresses',
    rule: 'Addresses are ASCII, international domains as A-labels',
    level: 'required',
    fix: 'Write the domain as xn--…; a local part that is not ASCII needs SMTPUTF8, which few relays offer.',
    judge(message) {
      const named = ADDRESSED.flatMap((name) => valueNamed(message, name) ?? []);
      const all = [...named, ...(message.facts.envelope?.to ?? [])];
      const odd = all.filter((value) => !/^[\x20-\x7e]*$/.test(value));
      return claim(odd.length === 0, `${all.length} looked at`, odd.join(', '));
    },
  },
  {
    id: 'subject',
    rule: `The subject says something in at most ${SUBJECT_LENGTH} characters`,
    level: 'required',
    fix: 'Shorten it; what is not ASCII belongs into encoded words (RFC 2047).',
    judge({ mail }) {
      const subject = mail?.subject ?? '';
      const isClean =
        subject.trim() !== '' && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]|=\?/u.test(subject);
      const { length } = [...subject];
      return claim(isClean && length <= SUBJECT_LENGTH, `${length} characters: ${subject}`);
    },
  },
  {
    id: 'one-click',
    rule: 'One click leaves: List-Unsubscribe with https, and List-Unsubscribe-Post (RFC 8058)',
    only: 'list',
    level: 'required',
    fix: 'Set PUBLIC_URL to an https address.',
    judge(message) {
      const post = valueNamed(message, 'List-Unsubscribe-Post');
      const { leaveUrl } = message;
      if (leaveUrl === undefined) return fail('no web address in List-Unsubscribe');
      if (post?.replace(/\s/g, '') !== 'List-Unsubscribe=One-Click') {
        return fail(
          post === undefined ? 'no List-Unsubscribe-Post' : `List-Unsubscribe-Post: ${post}`,
        );
      }
      return claim(leaveUrl.startsWith('https:'), 'both, over https', `${leaveUrl} is not https`);
    },
  },
  {
    id: 'unsubscribe-line',
    rule: 'List-Unsubscribe is one line with https and mailto in angle brackets (RFC 2369)',
    only: 'list',
    level: 'should',
    fix: 'Set BOUNCE_DOMAIN, so that readers can leave by mail too; fold nowhere, as folding broke signers.',
    judge(message) {
      const found = fieldsNamed(message, 'List-Unsubscribe');
      const [field] = found;
      if (!field || found.length > 1) return fail(`${found.length} headers of that name`);
      if (field.lines > 1) return fail(`folded over ${field.lines} lines`);
      const hasMailto = /<mailto:[^<>\s]+>/.test(field.value);
      return claim(
        hasMailto && /<https:[^<>\s]+>/.test(field.value),
        'https and mailto in one line',
        hasMailto ? 'no https address' : 'no mailto address',
      );
    },
  },
  {
    id: 'unsubscribe-length',
    rule: `The web address in List-Unsubscribe is shorter than ${URI_LENGTH} characters`,
    only: 'list',
    level: 'should',
    fix: 'Shorten PUBLIC_URL; tokens have 32 characters.',
    judge({ leaveUrl }) {
      if (leaveUrl === undefined) return fail('none');
      return claim(leaveUrl.length < URI_LENGTH, `${leaveUrl.length} characters`);
    },
  },
  {
    id: 'list-id',
    rule: 'List-Id is stable and of our domain (RFC 2919)',
    only: 'list',
    level: 'should',
    fix: 'Write one List-Id per cadence that ends in the domain of MAIL_FROM.',
    judge(message) {
      const value = valueNamed(message, 'List-Id') ?? '';
      const id = /<([\w-]+(?:\.[\w-]+)+)>$/.exec(value)?.[1]?.toLowerCase();
      const ours = message.facts.ourDomain ?? message.fromDomain ?? '';
      return claim(id !== undefined && ours !== '' && id.endsWith(`.${ours}`), value || 'none');
    },
  },
  {
    id: 'list-headers',
    rule: 'List-Help, List-Subscribe and List-Archive are addresses in angle brackets (RFC 2369)',
    only: 'list',
    level: 'should',
    fix: 'Write each as <https://…>.',
    judge(message) {
      const wrong = ['List-Help', 'List-Subscribe', 'List-Archive'].filter(
        (name) => !/^<(?:https?|mailto):[^<>\s]+>/.test(valueNamed(message, name) ?? ''),
      );
      return claim(wrong.length === 0, 'all three', `not so: ${wrong.join(', ')}`);
    },
  },
  {
    id: 'auto-submitted',
    rule: 'Auto-Submitted says auto-generated (RFC 3834)',
    level: 'required',
    fix: 'Write Auto-Submitted: auto-generated, so that no robot answers.',
    judge(message) {
      const value = valueNamed(message, 'Auto-Submitted');
      return claim(value?.toLowerCase() === 'auto-generated', value ?? 'none');
    },
  },
  {
    id: 'feedback-id',
    rule: 'Feedback-ID has four fields, the sender last',
    only: 'list',
    level: 'should',
    fix: 'Write campaign:kind:product:sender; Gmail groups complaints by them.',
    judge(message) {
      const value = valueNamed(message, 'Feedback-ID') ?? '';
      const parts = value.split(':');
      return claim(
        parts.length === 4 && parts.every((part) => part.trim() !== ''),
        value || 'none',
      );
    },
  },
  {
    id: 'verp',
    rule: 'The envelope sender names the delivery, so that a bounce is known by its address',
    only: 'list',
    level: 'should',
    fix: 'Set BOUNCE_DOMAIN: then each delivery has a sender of its own there.',
    judge({ facts: { envelope } }) {
      if (envelope === undefined) return unknown('the envelope is not at hand');
      const { from } = envelope;
      const isOwn = /^[^@+=]+[+=-][\w=.-]{8,}@/.test(from);
      return claim(isOwn, from, from === '' ? 'empty' : `${from} is the same for every delivery`);
    },
  },
  {
    id: 'mime',
    rule: 'Text comes first, HTML second, both UTF-8, in one multipart/alternative; or text alone',
    level: 'required',
    fix: 'Send both parts: clients show the last that they understand.',
    judge: (message) => judgeMime(message),
  },
];

function judgeMime(message: MessageToCheck): Finding {
  if (valueNamed(message, 'MIME-Version') === undefined) return fail('no MIME-Version');
  const outer = valueNamed(message, 'Content-Type') ?? '';
  if (!isTextAlone(message) && !/^multipart\/alternative\b/i.test(outer))
    return fail(outer || 'no Content-Type');
  const types = [...message.bytes.matchAll(/^content-type:[ \t]*(text\/[\w-]+)([^\r\n]*)/gim)];
  const order = types.map(([, type = '']) => type.toLowerCase()).join(', ');
  const wanted = isTextAlone(message) ? 'text/plain' : 'text/plain, text/html';
  if (order !== wanted) return fail(order || 'no text parts');
  const isUtf8 = types.every(([, , more = '']) => /charset="?utf-8/i.test(more));
  return claim(isUtf8, order, 'another character set than UTF-8');
}
