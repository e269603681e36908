import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What a name holds, by the type of the record. */
export interface Zone {
  readonly [name: string]: {
    readonly TXT?: readonly string[];
    /** `10 mx.example.org` */
    readonly MX?: readonly string[];
    readonly A?: readonly string[];
    readonly PTR?: readonly string[];
  };
}

export interface DnsServer {
  /** For `--dns`. */
  readonly address: string;
  /** Names that were asked for. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const TYPES = { A: 1, PTR: 12, MX: 15, TXT: 16 } as const;

/** A DNS server on loopback that knows this zone and nothing else (RFC 1035, over UDP). */
export async function startDns(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query);
    asked.push(name);
    const answers = recordsFor(zone, name, type);
    const header = Buffer.from(query.subarray(0, 12));
    // An answer with authority; 3: there is no such name.
    header.writeUInt16BE(0x8580 | (zone[name] ? 0 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function recordsFor(zone: Zone, name: string, type: number): Buffer[] {
  const found = zone[name];
  const data =
    type === TYPES.TXT
      ? found?.TXT?.map(textData)
      : type === TYPES.MX
        ? found?.MX?.map(mxData)
        : type === TYPES.A
          ? found?.A?.map((address) => Buffer.from(address.split('.').map(Number)))
          : type === TYPES.PTR
            ? found?.PTR?.map(nameData)
            : undefined;
  return (data ?? []).map((bytes) => {
    const head = Buffer.alloc(12);
    // The name is that of the question, at byte 12.
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([head, bytes]);
  });
}

/** Strings of up to 255 bytes; a key takes two. */
function textData(text: string): Buffer {
  const pieces = text.match(/.{1,255}/g) ?? [''];
  return Buffer.concat(
    pieces.map((piece) => Buffer.from(`${String.fromCharCode(piece.length)}${piece}`, 'latin1')),
  );
}

function mxData(text: string): Buffer {
  const [priority = '0', host = ''] = text.split(' ');
  const head = Buffer.alloc(2);
  head.writeUInt16BE(Number(priority));
  return Buffer.concat([head, nameData(host)]);
}

function nameData(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const bytes = labels.map((label) =>
    Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'),
  );
  return Buffer.concat([...bytes, Buffer.alloc(1)]);
}
