const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The certificates of a text, without what stands around them; undefined when there is none. Traefik takes a text that is no PEM as a path
 * on its own disk.
 */
export function toCertificateBlocks(text: string): string | undefined {
  const blocks = text.match(block) ?? [];
  return blocks.length > 0 ? `${blocks.join('\n')}\n` : undefined;
}
