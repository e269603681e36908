const FIXES: readonly (readonly [reason: RegExp, fix: string])[] = [
  [
    /wrong version number|packet length too long|unexpected message/i,
    'The port speaks no TLS from the first byte: write smtp:// for it, which is upgraded by STARTTLS. smtps:// is for port 465.',
  ],
  [
    /certificate|self.signed|altname/i,
    'Name the relay in SMTP_URL as its certificate does, and let that be valid. One of a private authority is trusted once NODE_EXTRA_CA_CERTS names its file.',
  ],
  [
    /greeting/i,
    'Nobody greets on that port. If it is 465, write smtps://; else check the port, and whether something between holds the greeting back.',
  ],
  [/ENOTFOUND|EAI_AGAIN|getaddrinfo/, 'DNS knows no such host: check its name in SMTP_URL.'],
  [
    /STARTTLS|upgrade/i,
    'The relay cannot be spoken to in secret on that port: ask which port takes STARTTLS, or write smtps:// for port 465.',
  ],
];
const OTHERS = 'Check SMTP_URL: host, port, and whether a firewall lets this machine out.';

/** What to do about a relay that cannot be reached, by what the connection said. */
export function relayFix(detail: string): string {
  return FIXES.find(([reason]) => reason.test(detail))?.[1] ?? OTHERS;
}
