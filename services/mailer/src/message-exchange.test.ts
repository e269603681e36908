import { expect, test } from 'vitest';
import { MessageExchange, type Step } from './message-exchange.ts';

/** What is said, beginning with the opening, and the last step. */
function talk(isPipelined: boolean, ...replies: readonly string[]) {
  const exchange = new MessageExchange('MAIL FROM:<a>', 'RCPT TO:<b>', isPipelined);
  const said = [exchange.opening];
  let last: Step = { kind: 'wait' };
  for (const text of replies) {
    last = exchange.hear({ code: Number(text.slice(0, 3)) || 0, text });
    if (last.kind === 'say') said.push(last.command);
  }
  return { said, last };
}

const answered = (command: string, text: string, next: string) => ({
  kind: 'answered',
  reply: { command, code: Number(text.slice(0, 3)), text },
  next,
});
const MESSAGE = { kind: 'message', isEmpty: false };

test('one command at a time, each after the answer to the last', () => {
  const { said, last } = talk(false, '250 ok', '250 ok', '354 go');
  expect(said).toEqual(['MAIL FROM:<a>\r\n', 'RCPT TO:<b>\r\n', 'DATA\r\n']);
  expect(last).toEqual(MESSAGE);
});

test('pipelined, all three together', () => {
  const { said, last } = talk(true, '250 ok', '250 ok', '354 go');
  expect(said).toEqual(['MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n']);
  expect(last).toEqual(MESSAGE);
});

test('the answer to the message is the answer to DATA', () => {
  for (const isPipelined of [true, false]) {
    const begun = ['250 ok', '250 ok', '354 go'];
    const yes = talk(isPipelined, ...begun, '250 taken').last;
    expect(yes).toEqual(answered('DATA', '250 taken', 'go-on'));
    const no = talk(isPipelined, ...begun, '554 spam').last;
    expect(no).toEqual(answered('DATA', '554 spam', 'reset'));
  }
});

test('a refusal ends the message there, with nothing more said', () => {
  expect(talk(false, '550 no').last).toEqual(answered('MAIL FROM', '550 no', 'reset'));
  expect(talk(false, '250 ok', '450 no').last).toEqual(answered('RCPT TO', '450 no', 'reset'));
  expect(talk(false, '250 ok', '250 ok', '451 no').last).toEqual(
    answered('DATA', '451 no', 'reset'),
  );
});

test('pipelined, the first refusal is the answer, once all three are answered', () => {
  expect(talk(true, '250 ok', '550 who').last).toEqual({ kind: 'wait' });
  expect(talk(true, '250 ok', '550 who', '503 first RCPT').last).toEqual(
    answered('RCPT TO', '550 who', 'reset'),
  );
  expect(talk(true, '451 later', '503 no', '503 no').last).toEqual(
    answered('MAIL FROM', '451 later', 'reset'),
  );
  expect(talk(true, '250 ok', '250 ok', '451 no').last).toEqual(
    answered('DATA', '451 no', 'reset'),
  );
});

test('DATA that is open for nobody is ended with nothing in it', () => {
  const refused = talk(true, '250 ok', '550 who', '354 go');
  expect(refused.last).toEqual({ kind: 'message', isEmpty: true });
  const ended = talk(true, '250 ok', '550 who', '354 go', '554 nobody');
  expect(ended.last).toEqual(answered('RCPT TO', '550 who', 'go-on'));
});

test('who opens DATA for a sender that was refused is left alone', () => {
  const { last } = talk(true, '550 not you', '250 ok', '354 go');
  expect(last).toEqual(answered('MAIL FROM', '550 not you', 'end'));
});

test('421 ends the conversation, and is the answer to what was asked', () => {
  expect(talk(false, '421 away').last).toEqual(answered('MAIL FROM', '421 away', 'end'));
  expect(talk(true, '250 ok', '421 slow').last).toEqual(answered('RCPT TO', '421 slow', 'end'));
  expect(talk(true, '250 ok', '550 who', '421 away').last).toEqual(
    answered('RCPT TO', '550 who', 'end'),
  );
});

test('after the dot a farewell proves nothing, and neither does what is no reply', () => {
  const begun = ['250 ok', '250 ok', '354 go'];
  expect(talk(false, ...begun, '421 away').last).toEqual({ kind: 'lost', detail: '421 away' });
  expect(talk(false, ...begun, 'hello').last).toEqual({ kind: 'lost', detail: 'hello' });
  expect(talk(false, 'hello').last).toEqual({ kind: 'lost', detail: 'hello' });
});
