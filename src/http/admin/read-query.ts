import type { Request } from 'express';

/** A query that cannot be answered; the message is one line for who asked. */
export class BadQuery extends Error {
  override readonly name = 'BadQuery';
}

/** More rows nobody can see at once. */
const mostRows = 200;
const mostOffset = 10_000_000;

/** The part of a list that a request asks for: `q`, `offset` (default 0) and `limit` (default 50). @throws BadQuery */
export function readListQuery(request: Request): { text: string; offset: number; limit: number } {
  return {
    text: readText(request, 'q') ?? '',
    offset: readNumber(request, 'offset', 0, { least: 0, most: mostOffset }),
    limit: readNumber(request, 'limit', 50, { least: 1, most: mostRows }),
  };
}

/** A parameter; undefined when it is absent or empty. @throws BadQuery when it is there more than once. */
export function readText(request: Request, name: string): string | undefined {
  const value: unknown = request.query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new BadQuery(`${name} may be given once`);
  return value;
}

function readNumber(
  request: Request,
  name: string,
  absent: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const text = readText(request, name);
  if (text === undefined) return absent;
  const value = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new BadQuery(`${name} is to be a number from ${least} to ${most}`);
}
