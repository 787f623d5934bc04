import { expect, test } from 'vitest';
import { toMessage } from '../../../src/model/message.ts';

test.each([
  ['there is no Service a', 'There is no Service a'],
  ['Service a has no port.', 'Service a has no port'],
  ['"two" is not a number', '"two" is not a number'],
  ['externalName "x" means an address', 'externalName "x" means an address'],
  ['fairlead.dev/expose has no effect', 'fairlead.dev/expose has no effect'],
  ['shop.example.com/ is already routed', 'shop.example.com/ is already routed'],
  ['and so on...', 'And so on...'],
  ['', ''],
])('%j is shown as %j', (text, message) => {
  expect(toMessage(text)).toBe(message);
});
