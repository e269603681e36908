/**
 * Marks of pages that ask for a browser or a person in place of the list. A good page may load the same
 * scripts, so they count only where no list was found.
 */
const MARKS: readonly RegExp[] = [
  /\b_cf_chl_opt\b|\/cdn-cgi\/challenge-platform\//i,
  /<title>\s*(?:just a moment|attention required|access denied|human verification|are you a robot)/i,
  /\bawswafcookiedomainlist\b|\bgokuProps\b|\.awswaf\.com\//i,
  /\b(?:g-recaptcha|h-captcha|cf-turnstile|px-captcha|captcha-delivery\.com)\b/i,
  /checking (?:your browser|if the site connection is secure)|verify(?:ing)? (?:that )?you are (?:a )?human/i,
  /enable javascript and cookies to continue|unusual traffic from your/i,
];

/** The words by which a page shows itself to be a bot challenge, or undefined. */
export function challengeMark(text: string): string | undefined {
  for (const mark of MARKS) {
    const found = mark.exec(text);
    if (found) return found[0].replace(/\s+/g, ' ').trim();
  }
  return undefined;
}
