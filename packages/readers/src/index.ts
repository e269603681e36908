export { binaryKind } from './binary.ts';
export { type CheckedDeclaration, checkDeclaration } from './check-declaration.ts';
export { type Diagnosis, diagnosePage, type FieldCount } from './diagnose-page.ts';
export { unfitAddress } from './hf-address.ts';
export { joinParts, type PageParts, readParts } from './join-parts.ts';
export { FIELD_LIMITS, MAX_ENTRIES } from './make-entry.ts';
export { MAX_PAGE_BYTES, type PageInput, READERS, readPage } from './read-page.ts';
export type { RawPage, Reader } from './reader.ts';
