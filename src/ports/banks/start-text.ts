/** How a bank is opened: a sentence. */
export function toStartText(fleet: string, bank: number): string {
  return `\`fairlead edge\` opens it by itself; without that, run on each host what \`fairlead traefik --fleet ${fleet} --bank ${bank}\` prints.`;
}
