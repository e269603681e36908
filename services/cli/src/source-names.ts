import { type Db, listSources } from '@paperboy/store';

/** The names and addresses that sources have, so that none is added twice. */
export interface KnownSources {
  /** The name of the source that watches this address, also in another spelling of it. */
  at(address: string): string | undefined;
  /** The name itself, or with the first number behind it that makes it another. */
  freeName(name: string): string;
  add(name: string, address: string): void;
}

export async function knownSources(db: Db): Promise<KnownSources> {
  const names = new Set<string>();
  const byAddress = new Map<string, string>();
  const add = (name: string, address: string) => {
    names.add(name);
    byAddress.set(spelling(address), name);
  };
  for (const { name, url } of await listSources(db)) {
    names.add(name);
    if (url !== null) add(name, url);
  }
  return {
    at: (address) => byAddress.get(spelling(address)),
    freeName(name) {
      if (!names.has(name)) return name;
      for (let number = 2; ; number++) {
        const suffix = `-${number}`;
        const free = `${name.slice(0, MAX_NAME - suffix.length)}${suffix}`;
        if (!names.has(free)) return free;
      }
    },
    add,
  };
}

const MAX_NAME = 63;

/** The same list answers with and without https, www and a slash at the end. */
function spelling(address: string): string {
  const url = URL.parse(address);
  if (!url) return address;
  const host = url.host.replace(/^www\./, '');
  return `${host}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}
