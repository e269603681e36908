import { expect, test } from 'vitest';
import { type Manner, MessageExchange, type Step } from './message-exchange.ts';

/** What is said, beginning with the opening, and the last step. */
function talk(manner: Manner, ...replies: readonly string[]) {
  const exchange = new MessageExchange('MAIL FROM:<a>', 'RCPT TO:<b>', manner, 7);
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
  const { said, last } = talk('command', '250 ok', '250 ok', '354 go');
  expect(said).toEqual(['MAIL FROM:<a>\r\n', 'RCPT TO:<b>\r\n', 'DATA\r\n']);
  expect(last).toEqual(MESSAGE);
});

test('pipelined, all three together', () => {
  const { said, last } = talk('commands', '250 ok', '250 ok', '354 go');
  expect(said).toEqual(['MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n']);
  expect(last).toEqual(MESSAGE);
});

test('the answer to the message is the answer to DATA', () => {
  for (const manner of ['command', 'commands'] as const) {
    const begun = ['250 ok', '250 ok', '354 go'];
    const yes = talk(manner, ...begun, '250 taken').last;
    expect(yes).toEqual(answered('DATA', '250 taken', 'go-on'));
    const no = talk(manner, ...begun, '554 spam').last;
    expect(no).toEqual(answered('DATA', '554 spam', 'reset'));
  }
});

test('a refusal ends the message there, with nothing more said', () => {
  expect(talk('command', '550 no').last).toEqual(answered('MAIL FROM', '550 no', 'reset'));
  expect(talk('command', '250 ok', '450 no').last).toEqual(answered('RCPT TO', '450 no', 'reset'));
  expect(talk('command', '250 ok', '250 ok', '451 no').last).toEqual(
    answered('DATA', '451 no', 'reset'),
  );
});

test('pipelined, the first refusal is the answer, once all three are answered', () => {
  expect(talk('commands', '250 ok', '550 who').last).toEqual({ kind: 'wait' });
  expect(talk('commands', '250 ok', '550 who', '503 first RCPT').last).toEqual(
    answered('RCPT TO', '550 who', 'reset'),
  );
  expect(talk('commands', '451 later', '503 no', '503 no').last).toEqual(
    answered('MAIL FROM', '451 later', 'reset'),
  );
  expect(talk('commands', '250 ok', '250 ok', '451 no').last).toEqual(
    answered('DATA', '451 no', 'reset'),
  );
});

test('DATA that is open for nobody is ended with nothing in it', () => {
  const refused = talk('commands', '250 ok', '550 who', '354 go');
  expect(refused.last).toEqual({ kind: 'message', isEmpty: true });
  const ended = talk('commands', '250 ok', '550 who', '354 go', '554 nobody');
  expect(ended.last).toEqual(answered('RCPT TO', '550 who', 'go-on'));
});

test('who opens DATA for a sender that was refused is left alone', () => {
  const { last } = talk('commands', '550 not you', '250 ok', '354 go');
  expect(last).toEqual(answered('MAIL FROM', '550 not you', 'end'));
});

test('421 ends the conversation, and is the answer to what was asked', () => {
  expect(talk('command', '421 away').last).toEqual(answered('MAIL FROM', '421 away', 'end'));
  expect(talk('commands', '250 ok', '421 slow').last).toEqual(
    answered('RCPT TO', '421 slow', 'end'),
  );
  expect(talk('commands', '250 ok', '550 who', '421 away').last).toEqual(
    answered('RCPT TO', '550 who', 'end'),
  );
});

test('after the dot a farewell proves nothing, and neither does what is no reply', () => {
  const begun = ['250 ok', '250 ok', '354 go'];
  expect(talk('command', ...begun, '421 away').last).toEqual({ kind: 'lost', detail: '421 away' });
  expect(talk('command', ...begun, 'hello').last).toEqual({ kind: 'lost', detail: 'hello' });
  expect(talk('command', 'hello').last).toEqual({ kind: 'lost', detail: 'hello' });
});

test('only DATA invites, and only by 3yz: replies to something else are nobody’s answer', () => {
  const lost = (text: string) => ({ kind: 'lost', detail: text });
  for (const manner of ['command', 'commands'] as const) {
    expect(talk(manner, '250 ok', '250 ok', '250 ok').last).toEqual(lost('250 ok'));
    expect(talk(manner, '354 go').last).toEqual(lost('354 go'));
    expect(talk(manner, '250 ok', '250 ok', '354 go', '354 go').last).toEqual(lost('354 go'));
  }
  expect(talk('whole', '250 ok', '250 ok', '354 go').last).toEqual(lost('354 go'));
  const refused = talk('commands', '250 ok', '550 who', '250 ok').last;
  expect(refused).toEqual(answered('RCPT TO', '550 who', 'end'));
});

test('whole, the message is said with its commands, and its answer is the third', () => {
  const { said, last } = talk('whole', '250 ok', '250 ok');
  expect(said).toEqual(['MAIL FROM:<a>\r\nRCPT TO:<b>\r\nBDAT 7 LAST\r\n']);
  expect(last).toEqual({ kind: 'wait' });
  const yes = talk('whole', '250 ok', '250 ok', '250 taken').last;
  expect(yes).toEqual(answered('DATA', '250 taken', 'go-on'));
  const no = talk('whole', '250 ok', '250 ok', '554 spam').last;
  expect(no).toEqual(answered('DATA', '554 spam', 'reset'));
});

test('whole, the first refusal is the answer once the message has its own', () => {
  expect(talk('whole', '250 ok', '550 who').last).toEqual({ kind: 'wait' });
  const refused = talk('whole', '250 ok', '550 who', '503 nobody').last;
  expect(refused).toEqual(answered('RCPT TO', '550 who', 'reset'));
  const sender = talk('whole', '451 later', '503 no', '503 no').last;
  expect(sender).toEqual(answered('MAIL FROM', '451 later', 'reset'));
});

test('whole, who takes a message for nobody is left alone', () => {
  const taken = talk('whole', '250 ok', '550 who', '250 taken').last;
  expect(taken).toEqual(answered('RCPT TO', '550 who', 'end'));
});

test('whole, a farewell answers a command, and leaves the message in doubt', () => {
  expect(talk('whole', '421 away').last).toEqual(answered('MAIL FROM', '421 away', 'end'));
  const doubtful = talk('whole', '250 ok', '250 ok', '421 away').last;
  expect(doubtful).toEqual({ kind: 'lost', detail: '421 away' });
});
