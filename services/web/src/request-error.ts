import { type ErrorCode, PaperboyError } from '@paperboy/core';

/** A part of a request that is wrong: where it stands, such as `query.limit`, and why. */
export interface RequestFault {
  readonly at: string;
  readonly message: string;
}

interface More {
  readonly faults?: readonly RequestFault[];
  /** How long to wait, in seconds. */
  readonly retryAfterS?: number;
}

/** A request that is refused, with what a program needs to do better. */
export class RequestError extends PaperboyError {
  readonly faults: readonly RequestFault[];
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, detail: string, { faults = [], retryAfterS }: More = {}) {
    super(code, detail);
    this.faults = faults;
    this.retryAfterS = retryAfterS;
  }
}

/** A request of which one part is wrong. */
export function invalid(at: string, message: string): RequestError {
  return new RequestError('REQUEST_INVALID', `${at}: ${message}`, { faults: [{ at, message }] });
}
