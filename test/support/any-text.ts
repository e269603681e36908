import fc from 'fast-check';

const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * Text of any code points at all but half surrogates, plain ones as often as others. fast-check has the same as the unit
 * `binary`, which every process needs two seconds of work to make.
 */
export function anyText({ maxLength = 100 } = {}): fc.Arbitrary<string> {
  const any = fc
    .integer({ min: 0, max: 0x10_ffff - SURROGATES.count })
    .map((code) => (code < SURROGATES.from ? code : code + SURROGATES.count));
  return fc
    .array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), any), { maxLength })
    .map((codes) => String.fromCodePoint(...codes));
}
