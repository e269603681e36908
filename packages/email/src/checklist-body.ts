import { isTextAlone, type MessageToCheck } from './checklist-message.ts';
import type { Rule } from './checklist-rule.ts';
import { MAX_HTML_BYTES } from './digest-body.ts';
import { claim, type Finding, fail, pass } from './finding.ts';
import type { HtmlFacts } from './html-facts.ts';

/** Where Gmail, which clips near 102 kB, has surely not clipped yet. */
const BEFORE_CLIP = MAX_HTML_BYTES;
const NEAR_TOP = 3_000;
const PREHEADER = { least: 40, most: 90 } as const;
/** Signs that fill an inbox line behind the preheader. */
const PADDING = /[\u034f\u2007\u200b-\u200d\ufeff\u00ad\u00a0]/gu;
const LEAST_CONTRAST = 4.5;

/** What clients show, clip and load, and what readers without a screen or colours need. */
export const BODY_RULES: readonly Rule[] = [
  {
    id: 'leave-early',
    rule: 'The way out stands within the first 3 kB of the body and again before any clipping',
    only: 'list',
    level: 'required',
    fix: 'Put the unsubscribe link at the top and into the footer.',
    judge: (message) => judgeWayOut(message),
  },
  {
    id: 'text-part',
    rule: 'The text part has the same links as the HTML',
    level: 'required',
    fix: 'Name every link in both parts: some readers see the text alone.',
    judge: (message) => judgeLinks(message),
  },
  htmlRule({
    id: 'html-size',
    rule: `The HTML part has at most ${BEFORE_CLIP / 1_000} kB`,
    level: 'required',
    fix: 'Show fewer papers in one mail; the rest is online.',
    judge({ bytes }) {
      const share = Math.round((100 * bytes) / BEFORE_CLIP);
      return claim(bytes <= BEFORE_CLIP, `${(bytes / 1_000).toFixed(1)} kB, ${share} % of that`);
    },
  }),
  htmlRule({
    id: 'no-remote',
    rule: 'Nothing is loaded from anywhere: no pictures, fonts or style sheets',
    level: 'required',
    fix: 'Take the addresses out: they tell who read what, and are blocked by many clients.',
    judge: ({ remote }) => claim(remote.length === 0, 'nothing', remote.slice(0, 3).join(', ')),
  }),
  htmlRule({
    id: 'no-active',
    rule: 'No script, form or frame',
    level: 'required',
    fix: 'Take them out: clients remove them, and filters count them.',
    judge: ({ active }) => claim(active.length === 0, 'none', [...new Set(active)].join(', ')),
  }),
  htmlRule({
    id: 'link-schemes',
    rule: 'Links are https, http or mailto, with all of their address',
    level: 'required',
    fix: 'Write whole addresses; other schemes are removed or warned of.',
    judge({ links }) {
      const odd = links.filter(({ href }) => !/^(?:https?:\/\/[^/]|mailto:)/i.test(href));
      return claim(odd.length === 0, `${links.length} links`, odd[0]?.href);
    },
  }),
  htmlRule({
    id: 'images',
    rule: 'The mail is text: pictures have alternatives and are not all there is',
    level: 'required',
    fix: 'Give every img an alt, and say in words what matters.',
    judge({ images, imagesWithoutAlt, visibleText }) {
      if (imagesWithoutAlt > 0) return fail(`${imagesWithoutAlt} of ${images} without alt`);
      return claim(
        visibleText.length >= 100,
        `${images} pictures, ${visibleText.length} characters`,
      );
    },
  }),
  htmlRule({
    id: 'language',
    rule: 'The document says its language, direction and title',
    level: 'should',
    fix: 'Give html a lang and a dir, and head a title.',
    judge({ lang, dir, title }) {
      const missing = Object.entries({ lang, dir, title }).flatMap(([name, value]) =>
        value ? [] : [name],
      );
      return claim(missing.length === 0, `${lang}, ${dir}, ${title}`, `no ${missing.join(', ')}`);
    },
  }),
  htmlRule({
    id: 'layout-tables',
    rule: 'Tables for layout have role="presentation", all others a name',
    level: 'should',
    fix: 'Add the role, or an aria-label where it holds data: screen readers read out cells.',
    judge: ({ tablesWithoutRole }) =>
      claim(tablesWithoutRole === 0, 'all of them', `${tablesWithoutRole} without it`),
  }),
  htmlRule({
    id: 'headings',
    rule: 'There are real headings, from the first level down without a gap',
    level: 'should',
    fix: 'Use h1 to h3 in their order, for those who go from heading to heading.',
    judge({ headings }) {
      const skips = headings.some((level, index) => level > (headings[index - 1] ?? 0) + 1);
      return claim(headings.length > 0 && !skips, headings.join(' ') || 'none');
    },
  }),
  htmlRule({
    id: 'link-texts',
    rule: 'Links say where they lead',
    level: 'should',
    fix: 'Name the paper in its link; “here” says nothing when links are listed.',
    judge({ links }) {
      const mute = links.filter(({ text }) => /^(?:|here|click here|link|more)$/i.test(text));
      return claim(
        mute.length === 0,
        `${links.length} links`,
        `“${mute[0]?.text}” to ${mute[0]?.href}`,
      );
    },
  }),
  htmlRule({
    id: 'contrast',
    rule: 'Text has a contrast of 4.5:1 or more',
    level: 'should',
    fix: 'Darken the text or lighten what is behind it; faint text is also what spam hides with.',
    judge({ leastContrast }) {
      if (leastContrast === undefined) return fail('no text');
      const { ratio, text } = leastContrast;
      return claim(ratio >= LEAST_CONTRAST, `at least ${ratio.toFixed(1)}:1 (“${text}”)`);
    },
  }),
  htmlRule({
    id: 'dark-mode',
    rule: 'The mail knows dark mode: color-scheme and rules for it',
    level: 'should',
    fix: 'Add the meta tag color-scheme and rules under prefers-color-scheme: dark.',
    judge({ colorScheme, hasDarkRules }) {
      if (colorScheme === undefined) return fail('no meta tag color-scheme');
      return claim(
        hasDarkRules && colorScheme.includes('dark'),
        `${colorScheme}, with rules`,
        'no rules for dark',
      );
    },
  }),
  htmlRule({
    id: 'preheader',
    rule: 'A preheader of 40 to 90 characters, padded so that the body does not leak in',
    only: 'list',
    level: 'should',
    fix: 'Begin the body with hidden text of that length, then blanks of no width.',
    judge({ preheader }) {
      if (preheader === undefined) return fail('none');
      const { length } = [...preheader.replace(PADDING, '').trim()];
      const padding = preheader.match(PADDING)?.length ?? 0;
      const fits = length >= PREHEADER.least && length <= PREHEADER.most;
      return claim(fits && padding >= 40, `${length} characters, ${padding} of padding`);
    },
  }),
];

interface HtmlRule extends Omit<Rule, 'judge'> {
  judge(html: HtmlFacts): Finding;
}

/** A rule that asks of the HTML alone: of a mail that is text by its own words there is nothing to ask. */
function htmlRule({ judge, ...rule }: HtmlRule): Rule {
  const judgeMessage = (message: MessageToCheck) => {
    if (message.html) return judge(message.html);
    return isTextAlone(message) ? pass('text alone') : fail('no HTML part');
  };
  return { ...rule, judge: judgeMessage };
}

function judgeWayOut(message: MessageToCheck): Finding {
  const { html, leaveUrl, mail } = message;
  if (leaveUrl === undefined) return fail('List-Unsubscribe names no web address');
  if (isTextAlone(message)) return judgeWayOutOfText(mail?.text ?? '', leaveUrl);
  if (!html) return fail('no HTML part');
  const ways = html.links.filter(({ href }) => href === leaveUrl);
  const [first] = ways;
  const last = ways.at(-1);
  if (!first || !last) return fail('the link of List-Unsubscribe is nowhere in the HTML');
  if (first.bodyByte > NEAR_TOP) return fail(`the first after ${first.bodyByte} bytes`);
  if (last === first) return fail('at the top alone');
  return claim(last.byte <= BEFORE_CLIP, `after ${first.bodyByte} bytes, and at ${last.byte}`);
}

/** Text is not clipped, but its end is far. */
function judgeWayOutOfText(text: string, leaveUrl: string): Finding {
  const first = text.indexOf(leaveUrl);
  if (first === -1) return fail('the link of List-Unsubscribe is nowhere in the text');
  if (first > NEAR_TOP) return fail(`the first after ${first} characters`);
  return claim(text.lastIndexOf(leaveUrl) > first, `after ${first} characters, and at the end`);
}

/** A link to one of several buttons on a page counts as that page: the text part names it once. */
function judgeLinks(message: MessageToCheck): Finding {
  const { mail, html, textLinks } = message;
  if (mail?.text === undefined || mail.text.trim() === '') return fail('no text part');
  if (isTextAlone(message)) return pass(`${textLinks.length} links, text alone`);
  if (!html) return fail('no HTML part');
  const web = html.links.map(({ href }) => href).filter((href) => /^https?:/i.test(href));
  const inText = new Set(textLinks);
  const inHtml = new Set(web.flatMap((href) => [href, withoutQuery(href)]));
  const missing = web.filter((href) => !inText.has(href) && !inText.has(withoutQuery(href)));
  const extra = textLinks.filter((href) => !inHtml.has(href));
  if (missing.length > 0) return fail(`not in the text: ${missing[0]} (${missing.length} in all)`);
  if (extra.length > 0) return fail(`not in the HTML: ${extra[0]} (${extra.length} in all)`);
  return pass(`${inText.size} links in both`);
}

function withoutQuery(href: string): string {
  return href.replace(/[?#].*$/, '');
}
