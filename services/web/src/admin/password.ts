import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** What a try costs, as scrypt (RFC 7914) counts it. */
export interface PasswordCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Memory 128·N·r = 32 MiB and about 0.2 s of one core per try; OWASP's choice for scrypt with this memory. */
const PASSWORD_COST: PasswordCost = { N: 2 ** 15, r: 8, p: 3 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const SHORTEST = 12;
const LONGEST = 200;

/** Why somebody may not take a password, in a sentence; nothing where they may. */
export function passwordProblem(password: string, name: string): string | undefined {
  const { length } = [...password];
  if (length < SHORTEST)
    return `A password has at least ${SHORTEST} characters; a sentence is best.`;
  if (length > LONGEST) return `A password has at most ${LONGEST} characters.`;
  if (new Set(password).size < 5) return 'This password repeats the same few characters.';
  if (
    name !== '' &&
    password.toLowerCase().includes(name.toLowerCase()) &&
    length < name.length + SHORTEST
  )
    return 'This password is little more than the name.';
  return undefined;
}

/** A password as it is kept: `scrypt$N$r$p$salt$key`, so that a later cost does not lock anybody out. */
export async function hashPassword(password: string, cost = PASSWORD_COST): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether a password is the one that is kept. Takes the same time where nothing is kept, so that nobody learns by it
 * which names there are.
 */
export async function isPassword(
  password: string,
  kept: string | undefined,
  cost = PASSWORD_COST,
): Promise<boolean> {
  const read = readHash(kept ?? nobodys(cost));
  const key = await derive(password.slice(0, LONGEST * 4), read.salt, read.cost);
  return timingSafeEqual(key, read.key) && kept !== undefined;
}

const nobodys = ({ N, r, p }: PasswordCost) =>
  `scrypt$${N}$${r}$${p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function readHash(kept: string) {
  const [kind, N, r, p, salt = '', key = ''] = kept.split('$');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const bytes = Buffer.from(key, 'base64url');
  if (
    kind !== 'scrypt' ||
    bytes.length !== KEY_BYTES ||
    !Object.values(cost).every(Number.isInteger)
  )
    throw new TypeError('no password that this version can read');
  return { cost, salt: Buffer.from(salt, 'base64url'), key: bytes };
}

/** On the thread pool: answers to others go on meanwhile. The same letters in another normal form are the same password. */
function derive(password: string, salt: Buffer, { N, r, p }: PasswordCost) {
  const maxmem = 256 * N * r;
  return new Promise<Buffer>((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { N, r, p, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
