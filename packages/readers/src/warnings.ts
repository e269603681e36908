/** More of one page would only hide the first ones. */
const MAX_WARNINGS = 20;

/** Collects what a person should look at on one page; a page of 100,000 faults still gives a short list. */
export class Warnings {
  readonly #texts: string[] = [];
  #more = 0;

  add(text: string): void {
    if (this.#texts.length < MAX_WARNINGS) this.#texts.push(text);
    else this.#more++;
  }

  list(): readonly string[] {
    return this.#more === 0 ? this.#texts : [...this.#texts, `and ${this.#more} more warnings`];
  }
}
