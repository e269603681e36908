const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Lower-case base32 (RFC 4648) without padding; mail servers may change the case of an address, never its letters. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = ((held & 0x1f) << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET.charAt((held >> bits) & 0x1f);
    }
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 0x1f) : text;
}

/** The bytes of a base32 text in either case, or undefined where a sign is none of its alphabet. */
export function decodeBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const sign of text.toLowerCase()) {
    const value = ALPHABET.indexOf(sign);
    if (value < 0) return undefined;
    held = ((held & 0xff) << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}
