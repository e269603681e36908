import type { HttpOptions } from '@paperboy/ingest';
import type { Settings } from '@paperboy/runtime';

/** How pages are fetched, as the settings have it. */
export function httpOptions(settings: Settings): HttpOptions {
  return {
    timeoutMs: settings.fetchTimeoutMs,
    maxBytes: settings.fetchMaxBytes,
    contact: settings.fetchContact,
    privateNetworks: settings.fetchPrivateNetworks,
  };
}
