import { Resolver } from 'node:dns/promises';
import type { MailExchange, ReverseLookup, Texts } from '@paperboy/email';

/** DNS as the checks ask it: an empty list for what is not there, undefined where nobody answers. */
export interface Lookups {
  texts(name: string): Promise<Texts>;
  exchanges(name: string): Promise<readonly MailExchange[] | undefined>;
  addresses(host: string): Promise<readonly string[] | undefined>;
  reverse(addresses: readonly string[]): Promise<readonly ReverseLookup[] | undefined>;
}

/** Asks the servers of this machine, or one that is named, such as `127.0.0.1:5353`. */
export function openLookups(server?: string): Lookups {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  const addresses = async (host: string) => {
    const [four, six] = await Promise.all([
      unlessAbsent(resolver.resolve4(host)),
      unlessAbsent(resolver.resolve6(host)),
    ]);
    return four && six && [...four, ...six];
  };
  const namesOf = async (address: string): Promise<ReverseLookup | undefined> => {
    const names = await unlessAbsent(resolver.reverse(address));
    if (names === undefined) return undefined;
    const forward = await Promise.all(names.map(addresses));
    return { address, names, forward: forward.flatMap((found) => found ?? []) };
  };
  return {
    addresses,
    texts: async (name) =>
      (await unlessAbsent(resolver.resolveTxt(name)))?.map((chunks) => chunks.join('')),
    exchanges: async (name) => {
      const found = await unlessAbsent(resolver.resolveMx(name));
      return found && [...found].sort((one, other) => one.priority - other.priority);
    },
    async reverse(wanted) {
      const found = await Promise.all(wanted.map(namesOf));
      const known = found.filter((lookup) => lookup !== undefined);
      return known.length === found.length ? known : undefined;
    },
  };
}

/** The one record of a name, for a verifier. Rejects where nobody answers. */
export async function recordOf(lookups: Lookups, name: string): Promise<string | undefined> {
  const texts = await lookups.texts(name);
  if (texts === undefined) throw new Error('DNS could not be asked');
  return texts[0];
}

async function unlessAbsent<T>(asked: Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : undefined;
  }
}
