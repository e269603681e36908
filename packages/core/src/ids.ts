/**
 * Ids of rows, each kind its own type so that one cannot stand in for another. Postgres counts them as
 * bigint; here they are decimal strings, which JSON and job payloads carry without loss.
 */
declare const kind: unique symbol;
type Id<Kind extends string> = string & { readonly [kind]: Kind };

export type SourceId = Id<'source'>;
export type ListingPageId = Id<'listing-page'>;
export type PaperId = Id<'paper'>;
export type PaperTextId = Id<'paper-text'>;
export type TopicId = Id<'topic'>;
export type SubscriberId = Id<'subscriber'>;
export type EditionId = Id<'edition'>;
export type DeliveryId = Id<'delivery'>;

interface IdKinds {
  source: SourceId;
  'listing-page': ListingPageId;
  paper: PaperId;
  'paper-text': PaperTextId;
  topic: TopicId;
  subscriber: SubscriberId;
  edition: EditionId;
  delivery: DeliveryId;
}

/** Marks a decimal string as the id of a `kind` row. Throws on anything that no row can have as its id. */
export function idOf<Kind extends keyof IdKinds>(_kind: Kind, value: string): IdKinds[Kind] {
  if (!/^[1-9]\d{0,18}$/.test(value)) throw new TypeError(`not a row id: ${value.slice(0, 40)}`);
  return value as IdKinds[Kind];
}
