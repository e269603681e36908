import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { type DeliveryId, idOf, PaperboyError, type SubscriberId } from '@paperboy/core';
import { decodeBase32, encodeBase32 } from './base32.ts';

/** Whose id the token of each purpose carries. A token of one purpose never works as another. */
interface TokenIds {
  preferences: SubscriberId;
  unsubscribe: SubscriberId;
  digest: DeliveryId;
}

export type TokenPurpose = keyof TokenIds;

export interface LinkSettings {
  /** At least 32 characters, kept as long as mails that carry its links are about. */
  readonly secret: string;
  /** Where readers reach the web service; may have a path. */
  readonly publicUrl: string;
  /**
   * 1 to 255. Raising it ends every link given out before, except those to unsubscribe, which never
   * expire. Delivery tokens and address hashes do not depend on it.
   */
  readonly keyVersion?: number;
}

/** Makes and reads everything that is signed with the one secret. Pure: the same input gives the same token. */
export interface SignedLinks {
  unsubscribe(subscriber: SubscriberId): URL;
  preferences(subscriber: SubscriberId): URL;
  digest(delivery: DeliveryId): URL;
  /**
   * The address of a reader's feed, without its ending. `no` is which of the reader's feed links it is, from 1: whoever reads the token compares it with the one
   * in use, so that one reader's link can end without anybody else's.
   */
  feed(subscriber: SubscriberId, no: number): URL;
  readFeedToken(token: string): { readonly id: SubscriberId; readonly no: number } | undefined;
  /** Undefined for anything but a token of this purpose that was made here. */
  readToken<Purpose extends TokenPurpose>(
    purpose: Purpose,
    token: string,
  ): { readonly id: TokenIds[Purpose] } | undefined;
  /** 24 letters and digits in lower case: Message-ID, VERP and ENVID carry it, so that a bounce finds its delivery. */
  deliveryToken(delivery: DeliveryId): string;
  readDeliveryToken(token: string): { readonly id: DeliveryId } | undefined;
  /** The same form for whoever leaves by mail: it never expires, and an address may lose its upper case on the way. */
  leavingToken(subscriber: SubscriberId): string;
  readLeavingToken(token: string): { readonly id: SubscriberId } | undefined;
  /** `messageIdOf` the delivery's token. */
  messageId(delivery: DeliveryId, domain: string): string;
  /** 32 bytes that know an address again after it was erased. Lower-cased first; its key never rotates. */
  addressHash(address: string): Buffer;
}

/** Uses of tokens that stand in addresses, where case may be lost and room is short. */
type ShortUse = 'delivery' | 'leaving';

const ID_BYTES = 7;
const MAC_BYTES = 16;
const NUMBER_BYTES = 3;
const SHORT_MAC_BYTES = 8;
const TOKEN_FORM = /^[\w-]{32}$/;
const FEED_TOKEN_FORM = /^[\w-]{36}$/;
const SHORT_TOKEN_FORM = /^[a-z2-7]{24}$/i;

const MINT: { readonly [P in TokenPurpose]: (id: string) => TokenIds[P] } = {
  preferences: (id) => idOf('subscriber', id),
  unsubscribe: (id) => idOf('subscriber', id),
  digest: (id) => idOf('delivery', id),
};

/** Throws SETTING_INVALID when the secret is too short to sign with, or the address or version is none. */
export function createLinks({ secret, publicUrl, keyVersion = 1 }: LinkSettings): SignedLinks {
  if (secret.length < 32) {
    throw new PaperboyError('SETTING_INVALID', 'the secret needs at least 32 characters');
  }
  if (!Number.isInteger(keyVersion) || keyVersion < 1 || keyVersion > 255) {
    throw new PaperboyError('SETTING_INVALID', `${keyVersion} is no key version from 1 to 255`);
  }
  const root = rootOf(publicUrl);
  const keyFor = keysFrom(secret);

  const signToken = (purpose: TokenPurpose | 'feed', version: number, id: Buffer) => {
    const mac = createHmac('sha256', keyFor(`token:${purpose}:${version}`));
    const head = Buffer.from(`${purpose}\n${String.fromCharCode(version)}`, 'latin1');
    return mac.update(Buffer.concat([head, id])).digest();
  };
  const token = (purpose: TokenPurpose, id: string) => {
    const bytes = idBytes(id);
    const mac = signToken(purpose, keyVersion, bytes).subarray(0, MAC_BYTES);
    return Buffer.concat([Buffer.of(keyVersion), bytes, mac]).toString('base64url');
  };
  const shortMac = (use: ShortUse, id: Buffer) =>
    createHmac('sha256', keyFor(use)).update(id).digest().subarray(0, SHORT_MAC_BYTES);
  const shortToken = (use: ShortUse, id: string) => {
    const bytes = idBytes(id);
    return encodeBase32(Buffer.concat([bytes, shortMac(use, bytes)]));
  };
  const readShortToken = (use: ShortUse, text: string): string | undefined => {
    const bytes = SHORT_TOKEN_FORM.test(text) ? decodeBase32(text) : undefined;
    if (bytes === undefined) return undefined;
    const id = bytes.subarray(0, ID_BYTES);
    return timingSafeEqual(shortMac(use, id), bytes.subarray(ID_BYTES)) ? idText(id) : undefined;
  };

  return {
    unsubscribe: (subscriber) => new URL(`unsubscribe/${token('unsubscribe', subscriber)}`, root),
    preferences: (subscriber) => new URL(`preferences/${token('preferences', subscriber)}`, root),
    digest: (delivery) => new URL(`digests/${token('digest', delivery)}`, root),

    readToken(purpose, text) {
      if (!TOKEN_FORM.test(text)) return undefined;
      const bytes = Buffer.from(text, 'base64url');
      const version = bytes.readUInt8(0);
      const known =
        purpose === 'unsubscribe' ? version >= 1 && version <= keyVersion : version === keyVersion;
      if (!known) return undefined;
      const id = bytes.subarray(1, 1 + ID_BYTES);
      const mac = signToken(purpose, version, id).subarray(0, MAC_BYTES);
      if (!timingSafeEqual(mac, bytes.subarray(1 + ID_BYTES))) return undefined;
      return { id: MINT[purpose](idText(id)) };
    },

    feed(subscriber, no) {
      const body = Buffer.concat([idBytes(subscriber), numberBytes(no)]);
      const mac = signToken('feed', keyVersion, body).subarray(0, MAC_BYTES);
      const made = Buffer.concat([Buffer.of(keyVersion), body, mac]).toString('base64url');
      return new URL(`feeds/${made}`, root);
    },
    readFeedToken(text) {
      if (!FEED_TOKEN_FORM.test(text)) return undefined;
      const bytes = Buffer.from(text, 'base64url');
      const body = bytes.subarray(1, 1 + ID_BYTES + NUMBER_BYTES);
      const mac = signToken('feed', keyVersion, body).subarray(0, MAC_BYTES);
      if (bytes.readUInt8(0) !== keyVersion) return undefined;
      if (!timingSafeEqual(mac, bytes.subarray(1 + body.length))) return undefined;
      const id = idOf('subscriber', idText(body.subarray(0, ID_BYTES)));
      return { id, no: body.readUIntBE(ID_BYTES, NUMBER_BYTES) };
    },

    deliveryToken: (delivery) => shortToken('delivery', delivery),
    readDeliveryToken(text) {
      const id = readShortToken('delivery', text);
      return id === undefined ? undefined : { id: idOf('delivery', id) };
    },
    leavingToken: (subscriber) => shortToken('leaving', subscriber),
    readLeavingToken(text) {
      const id = readShortToken('leaving', text);
      return id === undefined ? undefined : { id: idOf('subscriber', id) };
    },
    messageId: (delivery, domain) => messageIdOf(shortToken('delivery', delivery), domain),
    addressHash: (address) =>
      createHmac('sha256', keyFor('address')).update(address.toLowerCase()).digest(),
  };
}

/** `<d.TOKEN@domain>` of a delivery's token; every attempt at it has the same. */
export function messageIdOf(deliveryToken: string, domain: string): string {
  return `<d.${deliveryToken}@${domain}>`;
}

/**
 * One key for each use, derived once (HKDF, RFC 5869), so that no token of one use helps to forge another's. As
 * objects: of bytes Node makes one for each token, which costs five times what the token does.
 */
function keysFrom(secret: string): (use: string) => KeyObject {
  const keys = new Map<string, KeyObject>();
  return (use) => {
    const known = keys.get(use);
    if (known) return known;
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'paperboy', use, 32)));
    keys.set(use, key);
    return key;
  };
}

/** With a slash at its end, so that a path in the setting stays when a page is resolved against it. */
function rootOf(publicUrl: string): URL {
  const root = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  if (root === undefined || !/^https?:$/.test(root.protocol)) {
    throw new PaperboyError('SETTING_INVALID', `${publicUrl} is no http or https address`);
  }
  if (!root.pathname.endsWith('/')) root.pathname += '/';
  root.search = '';
  root.hash = '';
  return root;
}

function idBytes(id: string): Buffer {
  const number = BigInt(id);
  if (number < 1n || number >= 1n << 56n) throw new RangeError(`${id} does not fit a token`);
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64BE(number);
  return eight.subarray(1);
}

function numberBytes(number: number): Buffer {
  const bytes = Buffer.alloc(NUMBER_BYTES);
  bytes.writeUIntBE(number, 0, NUMBER_BYTES);
  return bytes;
}

function idText(bytes: Buffer): string {
  return Buffer.concat([Buffer.alloc(1), bytes])
    .readBigUInt64BE()
    .toString();
}
