/** The same items in an order that looks random and is always the same for one seed. */
export function shuffle<T>(items: readonly T[], seed: string): readonly T[] {
  let state = 1;
  const next = (text: string): number => {
    for (const character of text) state = (Math.imul(state, 31) + character.charCodeAt(0)) >>> 0;
    return (state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 1) >>> 0);
  };
  return items
    .map((item, index) => ({ item, place: next(`${seed}${index}`) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
