import { describe, expect, it } from 'vitest';
import { toTargetCell, toTargetText } from '../../../src/model/target-text.ts';

describe('what a pool port is for', () => {
  it.each([
    [{ holder: 'Service/n/a', servicePort: 3306 }, 'port 3306', '3306'],
    [
      { holder: 'Service/n/a', servicePort: 9092, endpoint: 'kafka-0' },
      'port 9092 of kafka-0',
      '9092 of kafka-0',
    ],
    [{ holder: 'ListenerSet/n/a', servicePort: 1, listener: 'mysql' }, 'listener mysql', 'listener mysql'],
    [{ holder: 'Gateway/n/a', servicePort: 1, listener: 'dns' }, 'listener dns', 'listener dns'],
    [{ holder: 'TCPRoute/n/a', servicePort: 1 }, 'the route', 'the route'],
  ])('is said in words: %j', (row, text, cell) => {
    expect(toTargetText(row)).toBe(text);
    expect(toTargetCell(row)).toBe(cell);
  });
});
