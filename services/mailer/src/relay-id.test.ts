import { expect, test } from 'vitest';
import { relayIdIn } from './relay-id.ts';

test.each([
  ['250 2.0.0 Ok: queued as 4XyZ1234', '4XyZ1234'],
  ['250 OK id=1rABCD-000123-Xy', '1rABCD-000123-Xy'],
  ['250 2.0.0 OK <abc@eur05.prod.outlook.com> [Hostname=X]', '<abc@eur05.prod.outlook.com>'],
  ['250 2.6.0 <abc@mx.example> [InternalId=1] Queued mail for delivery', '<abc@mx.example>'],
  ['250 Ok 0100018b5c3c0a4f-6f1e-000000', '0100018b5c3c0a4f-6f1e-000000'],
  ['250 2.0.0 Ok', undefined],
  ['250 Ok', undefined],
])('%s', (reply, id) => {
  expect(relayIdIn(reply)).toBe(id);
});
