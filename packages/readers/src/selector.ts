/** How a step's element stands to the one before it: inside, child, next sibling, any later sibling. */
export type Combinator = ' ' | '>' | '+' | '~';

/** One thing that must hold of an element. */
export type Test =
  | { readonly kind: 'tag' | 'class' | 'id'; readonly name: string }
  | {
      readonly kind: 'attribute';
      readonly name: string;
      readonly operator: '' | '=' | '~=' | '|=' | '^=' | '$=' | '*=';
      readonly value: string;
      readonly ignoreCase: boolean;
    }
  /** Its place is `step` × n + `start`, for some n from 0. */
  | {
      readonly kind: 'place';
      readonly among: 'children' | 'type';
      readonly step: number;
      readonly start: number;
    }
  | { readonly kind: 'last-child' | 'scope' }
  | { readonly kind: 'not'; readonly compounds: readonly Compound[] }
  | {
      readonly kind: 'has';
      readonly combinator: ' ' | '>';
      readonly compounds: readonly Compound[];
    };

/** All of these hold of one element: `a.title[href]`. */
export type Compound = readonly Test[];

export interface Step {
  /** Absent for the first step. */
  readonly combinator?: Combinator;
  readonly compound: Compound;
  /** Where the step ends in the selector's text, so that a person can be shown what came this far. */
  readonly end: number;
}

export interface Selector {
  readonly text: string;
  /** What commas part. */
  readonly alternatives: readonly (readonly Step[])[];
}

/** Why a text is no selector that may be used. */
export interface SelectorProblem {
  /** From 1. */
  readonly position: number;
  readonly message: string;
}
