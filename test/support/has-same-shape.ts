import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

setFlagsFromString('--allow-natives-syntax');
const compare: unknown = new Script('(a, b) => %HaveSameMap(a, b)').runInThisContext();

/**
 * Whether two objects share their hidden class in V8, as objects that one line of code makes should: an object with a class of its own takes
 * several times as much memory, and slows down what reads it.
 */
export function hasSameShape(one: object, other: object): boolean {
  if (typeof compare !== 'function') throw new Error('V8 shows no hidden classes');
  return compare(one, other) === true;
}
