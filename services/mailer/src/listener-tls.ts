import { readFileSync, statSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { PaperboyError } from '@paperboy/core';
import { type Log, makeSelfSigned } from '@paperboy/runtime';
import type { MailSettings } from './mail-settings.ts';

/** A certificate chain and its private key, both PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export type TlsSettings = Pick<MailSettings, 'bounceDomain' | 'bounceTlsCert' | 'bounceTlsKey'>;

const YEAR_MS = 365 * 86_400_000;

/**
 * What the listener shows to those who ask for TLS: the files of the settings, else a certificate made for this start. Mail
 * servers do not ask whose it is (RFC 3207 4), and what they bring is not to be read on the way. Throws SETTING_INVALID.
 */
export function readTls(settings: TlsSettings): TlsFiles {
  const { bounceDomain, bounceTlsCert: certFile, bounceTlsKey: keyFile } = settings;
  if (certFile === '' && keyFile === '') {
    const now = Date.now();
    const made = makeSelfSigned(bounceDomain, new Date(now - 86_400_000), new Date(now + YEAR_MS));
    return { cert: made.pem, key: made.key.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }
  if (certFile === '' || keyFile === '') {
    throw new PaperboyError('SETTING_INVALID', 'BOUNCE_TLS_CERT and BOUNCE_TLS_KEY go together');
  }
  try {
    const tls = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    if ((statSync(keyFile).mode & 0o007) !== 0) throw new Error('everybody can read the key');
    createSecureContext(tls);
    return tls;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PaperboyError('SETTING_INVALID', `BOUNCE_TLS_CERT, BOUNCE_TLS_KEY: ${why}`, {
      cause,
    });
  }
}

/** Tells of a renewed certificate, within a minute; the old one stays while the new files do not fit. Gives what ends it. */
export function watchTls(
  settings: TlsSettings,
  { log, everyMs = 60_000 }: { readonly log: Log; readonly everyMs?: number },
  renewed: (tls: TlsFiles) => void,
): () => void {
  const files = [settings.bounceTlsCert, settings.bounceTlsKey].filter((file) => file !== '');
  const look = () => {
    try {
      renewed(readTls(settings));
      log.info('bounces.certificate-renewed');
    } catch (error) {
      // Two files are written one after the other: the next look finds both.
      log.warn('bounces.certificate-unread', { error });
    }
  };
  for (const file of files) watchFile(file, { interval: everyMs, persistent: false }, look);
  return () => {
    for (const file of files) unwatchFile(file, look);
  };
}
