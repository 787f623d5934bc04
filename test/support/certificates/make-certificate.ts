import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { bits, der, integer, oid, sequence } from './der.ts';

/** A certificate of any shape; what is left out is as it should be. */
export interface CertificateShape {
  /** The common names in the subject, in this order. */
  readonly commonNames?: readonly string[];
  /** DNS names. */
  readonly dns?: readonly string[];
  /** IPv4 addresses. */
  readonly addresses?: readonly string[];
  /** Whole general names, after the others. */
  readonly otherNames?: readonly Buffer[];
  /** Whole extensions, after the alternative names. */
  readonly extensions?: readonly Buffer[];
  readonly subject?: Buffer;
  /** In hexadecimal. */
  readonly serial?: string;
  readonly notBefore?: Buffer;
  readonly notAfter?: Buffer;
  /** Whose certificate it is. Without it, a new key on P-256. */
  readonly key?: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** In place of that of the key. */
  readonly publicKeyInfo?: Buffer;
}

/** Both in PEM. */
export interface MadeCertificate {
  readonly cert: string;
  readonly key: string;
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
/** All are signed with one key: nobody who loads a certificate looks at its signature. */
const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Makes a certificate, and gives it with its key as PKCS #8. */
export function makeCertificate(shape: CertificateShape): MadeCertificate {
  const { publicKey, privateKey } = shape.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const info = shape.publicKeyInfo ?? publicKey.export({ format: 'der', type: 'spki' });
  const issuer = sequence(rdn('An authority'));
  const names = toAlternativeNames(shape);
  const extensions = [
    ...(names === undefined ? [] : [extension('2.5.29.17', names)]),
    ...(shape.extensions ?? []),
  ];
  const body = sequence(
    der(0xa0, integer('02')),
    integer(shape.serial ?? '0123'),
    ecdsaWithSha256,
    issuer,
    sequence(shape.notBefore ?? der(0x17, '250101000000Z'), shape.notAfter ?? der(0x18, '21250101000000Z')),
    shape.subject ?? sequence(...(shape.commonNames ?? []).map((name) => rdn(name))),
    info,
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign('sha256', body, signer.privateKey);
  return {
    cert: toPem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(signature))),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** A part of a name that has one common name, as UTF-8 or as the tag says. */
export function rdn(commonName: string | Buffer, tag = 0x0c): Buffer {
  return der(0x31, sequence(oid('2.5.4.3'), der(tag, commonName)));
}

export function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, der(0x04, value));
}

export function toPem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The bytes of the first block of a PEM text. */
export function fromPem(text: string): Buffer {
  return Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}

/** The same key in the forms of old: PKCS #1 for RSA, SEC 1 for EC. */
export function toOldForm(key: string): string {
  const object = createPrivateKey(key);
  return object.asymmetricKeyType === 'rsa'
    ? object.export({ format: 'pem', type: 'pkcs1' }).toString()
    : object.export({ format: 'pem', type: 'sec1' }).toString();
}

function toAlternativeNames({
  dns = [],
  addresses = [],
  otherNames = [],
}: CertificateShape): Buffer | undefined {
  const names = [
    ...dns.map((name) => der(0x82, name)),
    ...addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number)))),
    ...otherNames,
  ];
  return names.length > 0 ? sequence(...names) : undefined;
}
