/**
 * The name of what one Traefik process polls: that of its fleet for bank 0, `fleet/bank` for any other bank. So it stands in the
 * URL, behind `/traefik/`.
 */
export type DocumentName = string;

/** Different for different banks: no name of a fleet holds a `/`. */
export function toDocumentName(fleet: string, bank: number): DocumentName {
  return bank === 0 ? fleet : `${fleet}/${bank}`;
}

/** The documents of a fleet with so many banks, in the order of the banks. */
export function listDocuments(fleet: string, banks: number): readonly DocumentName[] {
  return Array.from({ length: banks }, (_, bank) => toDocumentName(fleet, bank));
}

/** The parts of a name; the bank is NaN when `toDocumentName` could not have made it. */
export function parseDocumentName(name: DocumentName): { readonly fleet: string; readonly bank: number } {
  const slash = name.indexOf('/');
  if (slash === -1) return { fleet: name, bank: 0 };
  const bank = name.slice(slash + 1);
  return { fleet: name.slice(0, slash), bank: /^[1-9]\d{0,4}$/.test(bank) ? Number(bank) : NaN };
}
