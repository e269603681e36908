/** Where a conversation can be made to break, for tests: after this the connection is gone without a word. */
export type BreakPoint = 'mail' | 'rcpt' | 'data' | 'dot' | 'commit';

/** What a test makes the inbox do with one step of a conversation instead of accepting it. */
export type Interference =
  | { readonly kind: 'break' }
  | { readonly kind: 'refuse'; readonly code: number; readonly text: string };
