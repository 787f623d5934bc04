/** The states of a port, by the letters of a `PoolMap`, in the order of the legend. */
export const states = {
  h: 'held',
  c: 'cooling down',
  l: 'lost',
  o: 'another namespace’s',
  f: 'free',
  '.': 'not open',
} as const;

export type PortState = keyof typeof states;

export function isPortState(letter: string | undefined): letter is PortState {
  return letter !== undefined && letter in states;
}

/** How many ports are in each state. */
export function countStates(letters: string): Readonly<Record<PortState, number>> {
  const counts = { h: 0, c: 0, l: 0, o: 0, f: 0, '.': 0 };
  for (const letter of letters) if (isPortState(letter)) counts[letter] += 1;
  return counts;
}
