import { PaperboyError } from '@paperboy/core';
import { binaryKind } from '@paperboy/readers';

/** Kinds of content in which there is no list. What servers say of text is not believed either way. */
const NO_TEXT =
  /^(?:(?:image|audio|video|font|model)\/|application\/(?:pdf|zip|gzip|x-gzip|x-tar|x-bzip2?|x-xz|zstd|x-7z-compressed|x-rar-compressed|vnd\.rar|wasm|msword|vnd\.(?:ms-|openxmlformats)[\w.-]*)\s*(?:;|$))/i;
/** Text, and served as an image: */
const TEXT_AFTER_ALL = /^image\/svg\+xml/i;

/** Refuses an answer that says it is no text, before it is read. Throws PAGE_UNREADABLE. */
export function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || TEXT_AFTER_ALL.test(contentType)) return;
  if (NO_TEXT.test(contentType.trim()))
    throw new PaperboyError('PAGE_UNREADABLE', `served as ${contentType.slice(0, 80)}, not text`);
}

/** Refuses bytes that are no text, whatever they were served as. Throws PAGE_UNREADABLE. */
export function checkBytes(bytes: Uint8Array): void {
  const kind = binaryKind(bytes);
  if (kind !== undefined)
    throw new PaperboyError('PAGE_UNREADABLE', `the page is ${kind}, not text`);
}

const SIGN_IN =
  /^(?:log[-_]?in|sign[-_]?in|sso|auth|oauth2?|authenticate|authorize|saml2?|cas)(?:\.\w+)?$/i;

/** Whether an address asks who is there, by the names such pages have. */
export function isSignIn({ pathname, hostname }: URL): boolean {
  return (
    pathname.split('/').some((segment) => SIGN_IN.test(segment)) ||
    /^(?:login|signin|sso|accounts?|auth|idp)\./i.test(hostname)
  );
}
