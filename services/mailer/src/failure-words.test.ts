import { expect, test } from 'vitest';
import { failureWords } from './failure-words.ts';

test.each([
  [
    '40CDC281B17F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/tlsany_meth.c:77:\n',
    'wrong version number',
  ],
  ['connect ECONNREFUSED 127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
  ['Greeting never received\nor late', 'Greeting never received'],
  ['', ''],
])('%j is told as “%s”', (message, words) => {
  expect(failureWords(new Error(message))).toBe(words);
});

test('what is no error is told as it is', () => {
  expect(failureWords('gone')).toBe('gone');
});
