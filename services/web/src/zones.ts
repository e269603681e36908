import { type Html, html } from './html.ts';

const NAMES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];

/** All zones as options of a list, with the chosen one marked; one that Node no longer lists stays. */
export function zoneOptions(chosen: string): Html {
  const names = NAMES.includes(chosen) || chosen === '' ? NAMES : [chosen, ...NAMES];
  return html`${names.map((name) => html`<option${name === chosen ? html` selected` : ''}>${name}</option>`)}`;
}
