/** Whether so many are four fifths or more of what a limit allows: a warning, while there is time to raise it. False for what is over it. */
export function isNearLimit(count: number, most: number): boolean {
  return count >= 0.8 * most && count <= most;
}
