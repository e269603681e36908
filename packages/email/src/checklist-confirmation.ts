import { fieldsNamed, type MessageToCheck } from './checklist-message.ts';
import type { Rule } from './checklist-rule.ts';
import { claim, type Finding, fail } from './finding.ts';

const NEAR_TOP = 3_000;

/** What the mail that asks for a confirmation is held to: it goes to people who are on no list yet. */
export const CONFIRMATION_RULES: readonly Rule[] = [
  {
    id: 'no-list',
    rule: 'It has no header of a list: who has not confirmed is on none, and has nothing to leave',
    only: 'confirmation',
    level: 'required',
    fix: 'Leave out List-… and Precedence: with them it is sorted, and counted, as mail in bulk.',
    judge({ fields }) {
      const odd = fields.filter(({ name }) => /^(?:list-|precedence$|feedback-id$)/i.test(name));
      return claim(odd.length === 0, 'none', odd.map(({ name }) => name).join(', '));
    },
  },
  {
    id: 'one-recipient',
    rule: 'It goes to one address',
    only: 'confirmation',
    level: 'required',
    fix: 'Write one plain address into To, and no Cc or Bcc: whoever has the link can confirm.',
    judge(message) {
      const to = message.mail?.to ?? [];
      const copies = ['Cc', 'Bcc'].filter((name) => fieldsNamed(message, name).length > 0);
      return claim(to.length === 1 && copies.length === 0, [...to, ...copies].join(', ') || 'none');
    },
  },
  {
    id: 'confirm-link',
    rule: 'One link confirms: the same in both parts, within the first 3 kB of the body',
    only: 'confirmation',
    level: 'required',
    fix: 'Name the page that confirms, and beside it no other page but the front page.',
    judge: (message) => judgeLink(message),
  },
];

/** The address that is no other's front page; it stands as a button and in words. */
function judgeLink({ html, textLinks }: MessageToCheck): Finding {
  if (!html) return fail('no HTML part');
  const isConfirming = (href: string) => /\/confirm\/[\w-]+$/.test(href);
  const ways = html.links.filter(({ href }) => isConfirming(href));
  const [first] = ways;
  if (!first) return fail('none in the HTML');
  const all = new Set([...ways.map(({ href }) => href), ...textLinks.filter(isConfirming)]);
  if (all.size > 1) return fail(`${all.size} of them`);
  if (!textLinks.includes(first.href)) return fail('not in the text part');
  const others = html.links.filter(
    ({ href }) => !isConfirming(href) && !first.href.startsWith(href),
  );
  if (others.length > 0) return fail(`${others[0]?.href} beside it`);
  return claim(first.bodyByte <= NEAR_TOP, `after ${first.bodyByte} bytes`);
}
