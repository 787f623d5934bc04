import { z } from 'zod';
import { isWellFormed } from './values.ts';

/**
 * Why Go's regular expressions would refuse a pattern, or null. Stricter than Go where the two dialects differ in
 * rarely used ways: what passes here is taken there.
 */
export function re2Mistake(pattern: string): string | null {
  if (pattern === '') return 'is empty';
  if (pattern.length > 1000) return 'is longer than 1,000 characters';
  if (!isWellFormed(pattern) || /[\x00-\x08\x0a-\x1f\x7f\u2551]/.test(pattern))
    return 'holds a control character';
  if (/\(\?(?:[=!>#|]|<[=!])/.test(pattern)) return 'uses look-around, which Traefik does not have';
  if (/[*+?}]\+/.test(pattern)) return 'uses a possessive quantifier, which Traefik does not have';
  return escapeMistake(pattern) ?? repeatMistake(pattern) ?? syntaxMistake(pattern);
}

function escapeMistake(pattern: string): string | null {
  for (const [, escaped = ''] of pattern.matchAll(/\\([\s\S]?)/g)) {
    if (/[1-9k]/.test(escaped)) return 'uses a back-reference, which Traefik does not have';
    if (escaped === '' || !/[aAbBdDfnrsStvwWz\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/.test(escaped)) {
      return `uses the escape \\${escaped}, which Traefik does not have`;
    }
  }
  for (const [inClass] of pattern.matchAll(/\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g)) {
    if (/\\[AbBz]/.test(inClass)) return 'has an assertion inside brackets';
  }
  return null;
}

function repeatMistake(pattern: string): string | null {
  let product = 1;
  for (const [, from = '', to = ''] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    product *= Math.max(Number(from), Number(to), 1);
    if (to !== '' && Number(to) < Number(from)) return 'has a repetition whose end is below its start';
  }
  // Go counts nested repetitions only; to distinguish them from others would take a parser.
  return product > 1000 ? 'repeats more than 1,000 times' : null;
}

const classes = 'alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit';

function syntaxMistake(pattern: string): string | null {
  const script = pattern
    .replaceAll(new RegExp(`\\[:\\^?(?:${classes}):\\]`, 'g'), 'a')
    .replaceAll(/\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+):/g, '(?:')
    .replaceAll(/\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)\)/g, '(?:)')
    .replaceAll(/\(\?P</g, '(?<')
    // An unclosed bracket means itself to Go only where it stands first in a class.
    .replaceAll(/\[(\^?)\]/g, '[$1\\]');
  if (/\(\?(?!:|<[A-Za-z_])/.test(script)) return 'uses a group that Traefik does not have';
  if (/\(\?:\)[*+?{]/.test(script)) return 'repeats nothing';
  try {
    new RegExp(script).test('');
    return null;
  } catch {
    return 'is no regular expression';
  }
}

export const re2 = z.string().superRefine((pattern, context) => {
  const mistake = re2Mistake(pattern);
  if (mistake !== null) context.addIssue({ code: 'custom', message: mistake });
});

/** A regular expression that this text alone matches. */
export function toLiteralPattern(literal: string): string {
  return literal.replaceAll(/[^A-Za-z0-9_-]/g, (other) => `\\${other}`);
}
