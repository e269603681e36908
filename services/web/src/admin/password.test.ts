import { expect, test } from 'vitest';
import { hashPassword, isPassword, passwordProblem } from './password.ts';

test('a password is kept with its cost and a salt of its own, and is found again in any normal form', async () => {
  const kept = await hashPassword('Caf\u00e9 at the corner');
  expect(kept).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(await isPassword('Cafe\u0301 at the corner', kept)).toBe(true);
});

test('where nothing is kept no password is right', async () => {
  expect(await isPassword('', undefined, { N: 16, r: 1, p: 1 })).toBe(false);
});

test('a cost of another version is read; what is no such text is refused', async () => {
  const kept = 'scrypt$16$1$1$AAAA$nqF6JHm2vZzFYP0qpFTSZbFFhL8zBjRrTxC5ZgSBsPE';
  const again = await hashPassword('anything', { N: 16, r: 1, p: 1 });
  expect(await isPassword('anything', again)).toBe(true);
  expect(await isPassword('anything', kept)).toBe(false);
  await expect(isPassword('anything', 'md5$x')).rejects.toThrow(TypeError);
});

test('short, repeated and self-naming passwords are told of', () => {
  for (const [password, name] of [
    ['short', 'ada'],
    ['aaaaaaaaaaaaaaaa', 'ada'],
    ['ada-lovelace1', 'ada-lovelace'],
    ['x'.repeat(201), 'ada'],
  ]) {
    expect(passwordProblem(password ?? '', name ?? '')).toBeTypeOf('string');
  }
  expect(passwordProblem('a sentence that I know', 'ada')).toBeUndefined();
});
