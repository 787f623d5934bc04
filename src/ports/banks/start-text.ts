/** How a bank that is wanted is opened: a sentence. */
export function toStartText(fleet: string, bank: number): string {
  return `\`fairlead edge\` opens it by itself; without that, ${toCommandText(fleet, bank)}`;
}

/** How a bank is opened that is not wanted: a sentence. */
export function toRunText(fleet: string, bank: number): string {
  return `They ${toCommandText(fleet, bank)}`;
}

function toCommandText(fleet: string, bank: number): string {
  return `run on each host what \`fairlead traefik --fleet ${fleet} --bank ${bank}\` prints.`;
}
