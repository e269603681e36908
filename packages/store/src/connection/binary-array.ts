/** What the binary form of an array says of its elements: type number in pg_type, and bytes of each. */
const FIXED = {
  bigint: { oid: 20, bytes: 8 },
  int: { oid: 23, bytes: 4 },
  smallint: { oid: 21, bytes: 2 },
  uuid: { oid: 2950, bytes: 16 },
} as const;

/** A type whose values have all the same length. */
export type FixedType = keyof typeof FIXED;

/** Whether values of this Postgres type all have one width. */
export function isFixed(type: string): type is FixedType {
  return Object.hasOwn(FIXED, type);
}

type Value = string | number | null;

const TEXT_OID = 25;
const BYTEA_OID = 17;
const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * A one-dimensional array as `array_recv` of Postgres takes it, for a parameter cast to that array type: Postgres
 * copies it, where it would split and parse text. Throws a RangeError for what is no value of the type.
 */
export function binaryArray(type: FixedType, values: readonly Value[]): Buffer<ArrayBuffer> {
  const { oid, bytes } = FIXED[type];
  const array = Buffer.allocUnsafe(HEAD_BYTES + values.length * (LENGTH_BYTES + bytes));
  writeHead(array, oid, values);
  let at = HEAD_BYTES;
  for (const value of values) {
    array.writeInt32BE(value === null ? NULL_LENGTH : bytes, at);
    at += LENGTH_BYTES;
    if (value === null) continue;
    if (type === 'uuid') writeDigest(array, at, String(value));
    else writeInteger(type, array, at, value);
    at += bytes;
  }
  return array.subarray(0, at);
}

/** The same for texts, as UTF-8. */
export function textArray(values: readonly Value[]): Buffer<ArrayBuffer> {
  const texts = values.map((value) => (value === null ? null : String(value)));
  const lengths = texts.map((text) => (text === null ? NULL_LENGTH : Buffer.byteLength(text)));
  const bytes = lengths.reduce((sum, length) => sum + LENGTH_BYTES + Math.max(length, 0), 0);
  const array = Buffer.allocUnsafe(HEAD_BYTES + bytes);
  writeHead(array, TEXT_OID, texts);
  let at = HEAD_BYTES;
  for (const [index, text] of texts.entries()) {
    array.writeInt32BE(lengths[index] ?? NULL_LENGTH, at);
    at += LENGTH_BYTES;
    if (text !== null) at += array.write(text, at);
  }
  return array;
}

/** The same for bytes, none of them NULL. */
export function bytesArray(values: readonly Buffer[]): Buffer<ArrayBuffer> {
  const bytes = values.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0);
  const array = Buffer.allocUnsafe(HEAD_BYTES + bytes);
  writeHead(array, BYTEA_OID, values);
  let at = HEAD_BYTES;
  for (const value of values) {
    at = array.writeInt32BE(value.length, at);
    at += value.copy(array, at);
  }
  return array;
}

function writeHead(array: Buffer, oid: number, values: readonly (Value | Buffer)[]): void {
  const dimensions = 1;
  const lowerBound = 1;
  array.writeInt32BE(dimensions, 0);
  array.writeInt32BE(values.includes(null) ? 1 : 0, 4);
  array.writeInt32BE(oid, 8);
  array.writeInt32BE(values.length, 12);
  array.writeInt32BE(lowerBound, 16);
}

function writeInteger(
  type: Exclude<FixedType, 'uuid'>,
  array: Buffer,
  at: number,
  value: string | number,
): void {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || value === '')
    throw new RangeError(`${value} is not a whole number`);
  if (type === 'smallint') array.writeInt16BE(number, at);
  else if (type === 'int') array.writeInt32BE(number, at);
  else {
    // Two halves cost a fifth of a BigInt.
    array.writeInt32BE(Math.floor(number / 2 ** 32), at);
    array.writeUInt32BE(number >>> 0, at + 4);
  }
}

/** 32 hexadecimal digits. */
function writeDigest(array: Buffer, at: number, digits: string): void {
  if (digits.length !== 32 || array.write(digits, at, 16, 'hex') !== 16)
    throw new RangeError(`${digits} is not a digest of 32 digits`);
}
