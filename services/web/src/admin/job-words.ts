import type { JobView } from '@paperboy/queue';
import type { JobSubjects } from '@paperboy/store';
import { type Html, html } from '../html.ts';
import { counted, moment } from '../wording.ts';

type Payload = Pick<JobView, 'payload'>;

/** The ids that jobs carry, for one look at what they are about. A payload is as the queue has it: not checked. */
export function idsIn(jobs: readonly Payload[]) {
  const of = (name: string) => [...new Set(jobs.flatMap((job) => idIn(job, name) ?? []))];
  return {
    sources: of('sourceId'),
    pages: of('listingPageId'),
    editions: of('editionId'),
    subscribers: of('subscriberId'),
  };
}

function idIn({ payload }: Payload, name: string): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const value: unknown = Reflect.get(payload, name);
  return typeof value === 'string' && /^[1-9]\d{0,17}$/.test(value) ? value : undefined;
}

/** What a job is about, in words and with the way to it. */
export function subjectOf(job: Payload, subjects: JobSubjects): Html | string {
  const [source, page, edition, subscriber] = [
    'sourceId',
    'listingPageId',
    'editionId',
    'subscriberId',
  ].map((name) => idIn(job, name));
  if (source) {
    const found = subjects.sources.get(source);
    return found
      ? html`<a href="/admin/sources/${found.name}">${found.title}</a>`
      : `source ${source}, gone`;
  }
  if (page) {
    const found = subjects.pages.get(page);
    if (!found) return `page ${page}, gone`;
    const entries =
      found.entries === null
        ? ''
        : `, ${counted(found.entries, 'entry').replace('entrys', 'entries')}`;
    return html`<a href="/admin/pages/${page}">${found.source}, ${moment(found.seenAt)}</a>${entries}`;
  }
  if (edition) {
    const found = subjects.editions.get(edition);
    if (!found) return `edition ${edition}, gone`;
    return html`<a href="/admin/deliveries?edition=${edition}">${found.cadence} edition, ${moment(found.windowEnd)}</a>, ${counted(found.readers, 'reader')}`;
  }
  if (subscriber) {
    const found = subjects.subscribers.get(subscriber);
    return found
      ? html`<a href="/admin/subscribers/${subscriber}">${found.address}</a>`
      : `reader ${subscriber}, gone`;
  }
  return 'whatever is due';
}
