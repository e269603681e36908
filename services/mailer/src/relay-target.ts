import { PaperboyError } from '@paperboy/core';

/** The server that `SMTP_URL` names. */
export interface RelayTarget {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** STARTTLS is demanded. */
  readonly requireTLS: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** What is sent there stays on this machine. */
  readonly isLocal: boolean;
}

/** Reads `smtp://` and `smtps://` addresses. Throws SETTING_INVALID on one that is none. */
export function targetOf(text: string): RelayTarget {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '') {
    throw new PaperboyError('SETTING_INVALID', 'SMTP_URL is no smtp:// or smtps:// address');
  }
  const secure = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isLoopback(host),
    isLocal: isLoopback(host),
    ...(user && { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}

/** Whether what is sent there stays on this machine. Throws SETTING_INVALID on an address that is none. */
export function staysOnLoopback(url: string): boolean {
  return targetOf(url).isLocal;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
