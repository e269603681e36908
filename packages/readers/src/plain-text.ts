import type { Entry, PageReading } from '@paperboy/core';
import { MAX_ENTRIES, makeEntry, OVER_MAX_ENTRIES } from './make-entry.ts';
import { pairBlocks } from './pair-blocks.ts';
import { plainTextParts } from './plain-text-blocks.ts';
import type { RawPage, Reader } from './reader.ts';
import { Warnings } from './warnings.ts';

/** As far as the head of a list may reach; enough for every line it is known to have, many times over. */
const HEAD_CHARACTERS = 4_000;
const MARKUP_OR_JSON = /^\s*(?:<[!?a-z]|[[{])/i;

/**
 * A listing page saved as text: banner lines, a date such as `Jul 31`, then title and abstract in turn,
 * each block apart by an empty line. Such pages carry no ids and no authors.
 */
export const plainText: Reader = {
  format: 'plain-text',
  recognises({ text }) {
    const head = text.slice(0, HEAD_CHARACTERS);
    if (MARKUP_OR_JSON.test(head)) return false;
    const { hasBanner, date } = plainTextParts(head);
    return hasBanner || date !== undefined;
  },
  read: readPlainText,
};

function readPlainText({ text, endsInsideCharacter }: RawPage): PageReading {
  const format = 'plain-text';
  if (MARKUP_OR_JSON.test(text.slice(0, HEAD_CHARACTERS))) {
    return {
      kind: 'unreadable',
      format,
      reason: 'malformed',
      detail: 'markup or JSON, no plain text',
    };
  }
  const warnings = new Warnings();
  const { blocks, date, dateLine } = plainTextParts(text);
  if (dateLine !== undefined && date === undefined)
    warnings.add(`no year has the day "${dateLine}"`);
  if (dateLine === undefined) warnings.add('no date line above the list');
  const { pairs, untitled, cutBecause } = pairBlocks(blocks, warnings);
  const entries: Entry[] = [];
  for (const { position, title, paragraphs } of pairs.slice(0, MAX_ENTRIES)) {
    const entry = makeEntry(
      { position, title, abstract: paragraphs, textKind: 'abstract' },
      warnings,
    );
    if (entry) entries.push(entry);
  }
  if (entries.length === 0) {
    const detail = 'no title with an abstract below the head of the page';
    return { kind: 'unreadable', format, reason: 'no-entries', detail };
  }
  const isOver = pairs.length > MAX_ENTRIES;
  const cut = isOver ? OVER_MAX_ENTRIES : (cutBecause ?? characterCut(endsInsideCharacter));
  return {
    kind: 'listing',
    format,
    // Complete for its day when it names one; a search result without a date proves nothing by absence.
    shape: date === undefined ? 'window' : 'batch',
    ...(date !== undefined && { date }),
    nextPages: [],
    statedEmpty: false,
    ...(cut !== undefined && { cutBecause: cut }),
    entries,
    unreadableEntries: untitled,
    warnings: warnings.list(),
  };
}

function characterCut(endsInsideCharacter: boolean): string | undefined {
  return endsInsideCharacter ? 'the page ends inside a character' : undefined;
}
