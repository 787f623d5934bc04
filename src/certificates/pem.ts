import { refuse } from './refusal.ts';

/** One block of PEM. */
export interface PemBlock {
  /** Such as `CERTIFICATE`. */
  readonly label: string;
  /** With a header the contents are encrypted; there are none else in use. */
  readonly isEncrypted: boolean;
  readonly bytes: Buffer;
}

/** Longer texts are not looked at. A chain of ten certificates with RSA keys of 8,192 bits has half of that. */
const maxLength = 64 * 1024;
const maxBlocks = 16;

const begin = /-----BEGIN ([A-Z0-9][A-Z0-9 ]{0,40})-----/g;

/** The blocks of a text, without what stands around them. `what` names the text in a refusal. */
export function readPem(text: string, what: string): readonly PemBlock[] {
  if (text.length > maxLength) {
    return refuse(`has ${text.length} characters in ${what}; at most ${maxLength} are read`);
  }
  const blocks: PemBlock[] = [];
  let at = 0;
  for (;;) {
    begin.lastIndex = at;
    const match = begin.exec(text);
    if (match === null) return blocks;
    if (blocks.length === maxBlocks) return refuse(`has more than ${maxBlocks} PEM blocks in ${what}`);
    const label = match[1] ?? '';
    const ending = `-----END ${label}-----`;
    const end = text.indexOf(ending, begin.lastIndex);
    if (end < 0) return refuse(`has a PEM block in ${what} that does not end`);
    blocks.push({ label, ...readBody(text.slice(begin.lastIndex, end), what) });
    at = end + ending.length;
  }
}

/** The text of one block, always in the same form. */
export function toPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function readBody(body: string, what: string): Omit<PemBlock, 'label'> {
  if (body.includes(':')) return { isEncrypted: true, bytes: Buffer.alloc(0) };
  const base64 = body.replaceAll(/\s/g, '');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    return refuse(`has a PEM block in ${what} that is no base64`);
  }
  return { isEncrypted: false, bytes: Buffer.from(base64, 'base64') };
}
