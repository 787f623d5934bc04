import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from '../../../src/lib/turns.ts';

function workFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('turns come in order, and whoever comes alone waits for nobody', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const take = async (name: string): Promise<void> => {
    await turns.take();
    order.push(name);
  };
  await Promise.all(['a', 'b', 'c'].map(take));
  expect(order).toEqual(['a', 'b', 'c']);
  void setImmediate().then(() => order.push('loop'));
  await take('d');
  expect(order).toEqual(['a', 'b', 'c', 'd']);
});

test('the event loop has its turn between them, and who comes meanwhile is last', async () => {
  const turns = new Turns(5);
  const order: string[] = [];
  const work = async (name: string): Promise<void> => {
    await turns.take();
    workFor(6);
    order.push(name);
  };
  const first = work('a');
  const second = work('b');
  const meanwhile = async (): Promise<void> => {
    await setImmediate();
    order.push('loop');
    await work('c');
  };
  await Promise.all([first, second, meanwhile()]);
  expect(order).toEqual(['a', 'loop', 'b', 'c']);
});
