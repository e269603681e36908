/*
 * Runs in the browser and tells a test what a page came to, laid out and coloured; browser.ts has the types.
 * Plain JavaScript: with the types of a browser's globals, all code of ours could use them by mistake.
 */
({
  /** What can be said without touching the page. */
  look() {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const { scrollWidth, clientWidth } = document.documentElement;
    const texts = this.shownTexts();
    return {
      headings: all('h1').map((heading) => heading.textContent.trim()),
      widthPx: clientWidth,
      overflowPx: scrollWidth - clientWidth,
      isDark: this.luminance(this.backdrop(document.body)) < 0.2,
      texts: texts.length,
      dimTexts: texts.flatMap((element) => {
        const { color, opacity } = getComputedStyle(element);
        const backdrop = this.backdrop(element);
        const ratio = this.contrast(this.over(this.colour(color), backdrop), backdrop);
        if (ratio >= 4.5 && opacity === '1') return [];
        return [`${ratio.toFixed(2)}:1 ${element.textContent.trim().slice(0, 60)}`];
      }),
      links: [...new Set(all('a[href]').map((link) => link.href))],
      deadAnchors: all('a[href^="#"]')
        .map((link) => link.getAttribute('href'))
        .filter((href) => document.getElementById(href.slice(1)) === null),
    };
  },

  /** Where the keyboard is, and whether that can be seen. */
  focus() {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const around = this.backdrop(element.parentElement);
    return {
      name: `${element.localName} ${element.textContent.trim().slice(0, 60)}`,
      isInView: bottom > 0 && right > 0 && top < innerHeight && left < innerWidth,
      outlinePx: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth),
      outlineContrast: this.contrast(this.over(this.colour(outlineColor), around), around),
    };
  },

  /** Elements with text of their own that is painted somewhere. */
  shownTexts() {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      const isShown = parentElement.checkVisibility({ visibilityProperty: true });
      if (data.trim() !== '' && isShown) found.add(parentElement);
    }
    return [...found];
  },

  /** The colour behind an element: its background and those it lies on, laid over each other. */
  backdrop(element) {
    if (element === null) return { rgb: [255, 255, 255], alpha: 1 };
    const known = this.backdrops.get(element);
    if (known !== undefined) return known;
    const layer = this.colour(getComputedStyle(element).backgroundColor);
    const laid = layer.alpha === 1 ? layer : this.over(layer, this.backdrop(element.parentElement));
    this.backdrops.set(element, laid);
    return laid;
  },

  /** Of this look alone: most texts of a page lie on the same few elements. */
  backdrops: new Map(),

  /** A colour painted on an opaque one. */
  over({ rgb, alpha }, under) {
    const mixed = rgb.map((channel, index) => channel * alpha + under.rgb[index] * (1 - alpha));
    return { rgb: mixed, alpha: 1 };
  },

  /** A computed colour such as `rgb(28, 25, 22)` or `color(srgb 0.1 0.1 0.09 / 0.5)`. */
  colour(text) {
    const found =
      /^(rgba?\(|color\(srgb )([\d.]+),? ([\d.]+),? ([\d.]+)(?:(?:,| \/) ([\d.]+))?\)$/.exec(text);
    if (found === null) throw new Error(`not a colour that is understood here: ${text}`);
    const [, notation, r, g, b, alpha = 1] = found;
    const scale = notation.startsWith('rgb') ? 1 : 255;
    return { rgb: [r, g, b].map((channel) => channel * scale), alpha: Number(alpha) };
  },

  /** WCAG 2.2, contrast ratio. */
  contrast(one, other) {
    const [light, dark] = [one, other]
      .map((colour) => this.luminance(colour))
      .sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  },

  luminance({ rgb }) {
    const [r, g, b] = rgb.map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  },
});
