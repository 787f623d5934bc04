/** `1 error`, `2 errors`. */
export function toCount(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
