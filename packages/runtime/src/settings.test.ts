import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PaperboyError } from '@paperboy/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeSettings, renderEnvExample } from './describe-settings.ts';
import { readSettings } from './read-settings.ts';
import { duration, mailbox, size, url } from './setting-parsers.ts';
import { type Environment, settingsByName } from './settings.ts';

function mistakesOf(env: Environment): string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof PaperboyError && error.code === 'SETTING_INVALID') {
      return error.detail.split('\n');
    }
    throw error;
  }
  return [];
}

test('without any variable everything has its default', () => {
  expect(readSettings({})).toMatchObject({
    home: '.paperboy',
    databaseUrl: 'embedded',
    queueUrl: 'postgres',
    httpPort: 3080,
    publicUrl: 'http://localhost:3080',
    smtpUrl: 'inbox',
    sending: true,
    smtpTimeoutMs: 30_000,
    fetchMaxBytes: 15 * 2 ** 20,
    fetchPrivateNetworks: false,
  });
});

test('an empty variable counts as absent, as compose files give them', () => {
  expect(readSettings({ HTTP_PORT: '', SMTP_URL: ' ' })).toEqual(readSettings({}));
});

test('the public address follows the port unless it is given', () => {
  expect(readSettings({ HTTP_PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
  const given = { HTTP_PORT: '8080', PUBLIC_URL: 'https://papers.example.org/' };
  expect(readSettings(given).publicUrl).toBe('https://papers.example.org');
});

test('all mistakes are told at once, with what was expected', () => {
  const env = {
    SMTP_TIMEOUT: 'fast',
    HTTP_PORT: '99999',
    LOG_LEVEL: 'loud',
    PAPERBOY_HOM: '/data',
  };
  expect(mistakesOf(env)).toEqual([
    'HTTP_PORT: "99999" is not a port from 1 to 65535',
    'SMTP_TIMEOUT: "fast" is not a duration such as 30s or 5m',
    'LOG_LEVEL: "loud" is not one of debug, info, warn, error',
    'PAPERBOY_HOM is not a setting; did you mean PAPERBOY_HOME?',
  ]);
});

test('a mistake in a secret does not repeat the secret', () => {
  const [mistake] = mistakesOf({ DATABASE_URL: 'mysql://ada:hunter2@db/papers' });
  expect(mistake).toMatch(/^DATABASE_URL: the given text is not a URL such as postgres:/);
  expect(mistake).not.toContain('hunter2');
});

test('variables that Kubernetes and the tests set are no mistakes', () => {
  const env = {
    PAPERBOY_WEB_SERVICE_HOST: '10.0.0.1',
    PAPERBOY_WEB_PORT_3080_TCP_ADDR: '10.0.0.1',
    PAPERBOY_CAPTURES: '/captures',
    PAPERBOY_TEST_POSTGRES: 'postgres://localhost/',
  };
  expect(mistakesOf(env)).toEqual([]);
});

test('a secret is read from the file that its _FILE variable names', () => {
  const dir = mkdtempSync(join(tmpdir(), 'settings-'));
  const file = join(dir, 'smtp-url');
  writeFileSync(file, 'smtps://ada:pw@relay.example.org\n');
  expect(readSettings({ SMTP_URL_FILE: file }).smtpUrl).toBe('smtps://ada:pw@relay.example.org');
  expect(mistakesOf({ SMTP_URL_FILE: file, SMTP_URL: 'inbox' })).toEqual([
    'SMTP_URL and SMTP_URL_FILE are both set; keep one',
  ]);
  rmSync(dir, { recursive: true });
  expect(mistakesOf({ SMTP_URL_FILE: file })).toEqual([`SMTP_URL_FILE: "${file}" cannot be read`]);
});

const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQ+/=\n-----END PRIVATE KEY-----';

test('a key is PEM on lines, or on one line with their ends written out', () => {
  expect(readSettings({ DKIM_KEY: `${pem}\n` }).dkimKey).toBe(pem);
  expect(readSettings({ DKIM_KEY: pem.replaceAll('\n', '\\n') }).dkimKey).toBe(pem);
  const [mistake] = mistakesOf({ DKIM_KEY: 'MIIEvQ' });
  expect(mistake).toMatch(/^DKIM_KEY: the given text is not a private key in PEM form/);
});

test.skipIf(process.platform === 'win32')('a key file that everybody can read is a mistake', () => {
  const dir = mkdtempSync(join(tmpdir(), 'settings-'));
  const file = join(dir, 'dkim.pem');
  writeFileSync(file, pem);
  for (const mode of [0o644, 0o604, 0o666]) {
    chmodSync(file, mode);
    expect(mistakesOf({ DKIM_KEY_FILE: file })).toEqual([
      `DKIM_KEY_FILE: everybody on this machine can read "${file}"; chmod 600 it`,
    ]);
  }
  for (const mode of [0o600, 0o440]) {
    chmodSync(file, mode);
    expect(readSettings({ DKIM_KEY_FILE: file }).dkimKey).toBe(pem);
  }
  rmSync(dir, { recursive: true });
});

test('described settings hide secrets that are set and say what is default', () => {
  const settings = readSettings({
    DATABASE_URL: 'postgres://ada:hunter2@db/papers',
    SMTP_TIMEOUT: '90s',
    HTTP_PORT: '8080',
  });
  const described = new Map(describeSettings(settings).map((row) => [row.variable, row]));
  expect(described.get('DATABASE_URL')).toMatchObject({ value: '***', isDefault: false });
  expect(described.get('SMTP_TIMEOUT')).toMatchObject({ value: '90s', isDefault: false });
  expect(described.get('PUBLIC_URL')).toMatchObject({ isDefault: true });
  expect(described.get('QUEUE_URL')).toMatchObject({ value: 'postgres', isDefault: true });
  expect(JSON.stringify([...described.values()])).not.toContain('hunter2');
});

test('the example file, uncommented, reads as the defaults', () => {
  const lines = renderEnvExample().split('\n');
  const pairs = lines.flatMap((line) => {
    const [, name, value] = /^#([A-Z_]+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  expect(pairs).toHaveLength(settingsByName().length);
  expect(readSettings(Object.fromEntries(pairs))).toEqual(readSettings({}));
});

test('no two settings share a variable', () => {
  const variables = settingsByName().map(([, { variable }]) => variable);
  expect(new Set(variables).size).toBe(variables.length);
});

test('durations and sizes read back what they print', () => {
  for (const parser of [duration, size]) {
    const holds = fc.property(fc.integer({ min: 1, max: 999_999_999 }), (value) => {
      expect(parser.read(parser.print(value))).toBe(value);
    });
    fc.assert(holds);
  }
});

test.each(['30', '0s', '-5s', '1 fortnight', '', '1e3s'])('"%s" is no duration', (given) => {
  expect(duration.read(given)).toBeUndefined();
});

test('a URL needs one of the schemes and a host', () => {
  const parser = url(['http', 'https'], ['none']);
  expect(parser.read('https://example.org/papers//')).toBe('https://example.org/papers');
  expect(parser.read('none')).toBe('none');
  for (const wrong of ['ftp://example.org', 'https:', 'example.org', '']) {
    expect(parser.read(wrong)).toBeUndefined();
  }
});

test('a sender is an address, with or without a name, and never two lines', () => {
  expect(mailbox.read('Paperboy <papers@example.org>')).toBe('Paperboy <papers@example.org>');
  expect(mailbox.read('papers@example.org')).toBe('papers@example.org');
  expect(mailbox.read('Paperboy')).toBeUndefined();
  expect(mailbox.read('Paperboy\r\nBcc: x <papers@example.org>')).toBeUndefined();
});
