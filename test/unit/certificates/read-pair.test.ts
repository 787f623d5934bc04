import { beforeAll, describe, expect, it } from 'vitest';
import { readPair } from '../../../src/certificates/read-pair.ts';
import { askGo, hasGo, type GoVerdict } from '../../support/certificates/go-tls.ts';
import { makeShapes, type ShapedPair } from '../../support/certificates/shapes.ts';

const shapes = makeShapes();
const byShape = shapes.map((each) => [each.shape, each] as const);

function read({ cert, key }: ShapedPair): readonly string[] | string {
  const pair = readPair(cert, key);
  return typeof pair === 'string' ? pair : pair.names;
}

describe('a pair of certificate and key', () => {
  it.each(byShape)('with %s', (_, shaped) => {
    const { outcome } = shaped;
    expect(read(shaped)).toEqual(typeof outcome === 'string' ? expect.stringContaining(outcome) : outcome);
  });
});

if (!hasGo)
  console.warn('No go on the PATH: what is read of certificates is not compared with what Go reads.');

describe.skipIf(!hasGo)('the TLS of Go', () => {
  let asGiven: readonly GoVerdict[] = [];
  let asSent: readonly (GoVerdict | undefined)[] = [];

  beforeAll(() => {
    asGiven = askGo(shapes);
    const pairs = shapes.map(({ cert, key }) => readPair(cert, key));
    const sent = pairs.flatMap((pair) =>
      typeof pair === 'string' ? [] : { cert: pair.certFile, key: pair.keyFile },
    );
    const verdicts = askGo(sent).values();
    asSent = pairs.map((pair) => (typeof pair === 'string' ? undefined : verdicts.next().value));
  }, 600_000);

  it.each(byShape.map(([shape, each], index) => [shape, each, index] as const))(
    'agrees about %s',
    (_, { outcome, stricter }, index) => {
      const given = asGiven[index];
      const works = given?.error === '' && given.handshake === '';
      expect(works, JSON.stringify(given)).toBe(typeof outcome !== 'string' || stricter === true);
      if (typeof outcome === 'string') return;
      const sent = asSent[index];
      expect(sent).toMatchObject({ error: '', handshake: '' });
      for (const verdict of [given, sent]) {
        const names = (verdict?.names ?? []).filter((name) => /^[a-z0-9.:*-]+$/.test(name));
        expect([...new Set(names)].sort()).toEqual(outcome);
      }
    },
  );
});
