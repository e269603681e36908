import { expect, test } from 'vitest';
import { relayFix } from './relay-fix.ts';

test.each([
  ['wrong version number', /write smtp:\/\//],
  ['certificate has expired', /certificate.*NODE_EXTRA_CA_CERTS/],
  ["Hostname/IP does not match certificate's altnames: Host: localhost.", /as its certificate/],
  ['self-signed certificate in certificate chain', /private authority/],
  ['Greeting never received', /465, write smtps/],
  ['getaddrinfo ENOTFOUND relay.invalid', /check its name/],
  ['Error upgrading connection with STARTTLS', /which port takes STARTTLS/],
  ['connect ECONNREFUSED 127.0.0.1:25', /host, port, and whether a firewall/],
  ['Connection timeout', /firewall/],
])('a relay that fails by “%s” has its own remedy', (detail, fix) => {
  expect(relayFix(detail)).toMatch(fix);
});
