/** `2026-11-24 08:03 UTC` */
export function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The same moment on the clocks of a zone: `Tue 24 Nov, 09:03 Europe/Berlin`. */
export function momentIn(zone: string, at: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return `${format.format(at)} ${zone}`;
}
