import { createECDH, generateKeyPairSync } from 'node:crypto';
import { bits, der, integer, oid, sequence } from './der.ts';
import {
  extension,
  fromPem,
  makeCertificate,
  rdn,
  toOldForm,
  toPem,
  type CertificateShape,
  type MadeCertificate,
} from './make-certificate.ts';

/** A pair, and what is said of it. */
export interface ShapedPair extends MadeCertificate {
  readonly shape: string;
  /** Its names, or a part of the sentence that refuses it. */
  readonly outcome: readonly string[] | string;
  /** Go would load it and shake hands: it is refused for what Traefik would make of its names, or what it would cost. */
  readonly stricter?: true;
}

const dns = ['a.example.com'];
const pair = (shape: CertificateShape = {}): MadeCertificate => makeCertificate({ dns, ...shape });
const ec = (namedCurve: string, paramEncoding?: 'explicit') =>
  generateKeyPairSync('ec', { namedCurve, ...(paramEncoding && { paramEncoding }) });
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const p256 = ec('P-256');
const rsa1024 = rsa(1024);
const plain = pair({ key: p256 });
const rsaPair = pair({ key: rsa1024 });
const withKey = (key: CertificateShape['key']): MadeCertificate => pair(key && { key });
const accepted = (shape: string, made: MadeCertificate, names: readonly string[] = dns): ShapedPair => ({
  shape,
  ...made,
  outcome: names,
});
const refused = (shape: string, made: MadeCertificate, outcome: string): ShapedPair => ({
  shape,
  ...made,
  outcome,
});
const stricter = (shape: string, made: MadeCertificate, outcome: string): ShapedPair => ({
  ...refused(shape, made, outcome),
  stricter: true,
});
const named = (...names: readonly string[]): MadeCertificate => pair({ dns: names });
const extended = (id: string, value: Buffer, critical = false): MadeCertificate =>
  pair({ extensions: [extension(id, value, critical)] });
const withUri = (uri: string): MadeCertificate => pair({ otherNames: [der(0x86, uri)] });

/** A key on P-256 in SEC 1, with a point that is not its own. */
function toKeyWithForeignPoint(): string {
  const [own, other] = [createECDH('prime256v1'), createECDH('prime256v1')];
  own.setPrivateKey(Buffer.from(p256.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  other.generateKeys();
  const curve = der(0xa0, oid('1.2.840.10045.3.1.7'));
  const point = der(0xa1, bits(other.getPublicKey()));
  return toPem('EC PRIVATE KEY', sequence(integer('01'), der(0x04, own.getPrivateKey()), curve, point));
}

/** An RSA key whose coefficient is another number. */
function toDamagedRsaKey(): string {
  const key = createRsa('qi');
  return toPem('RSA PRIVATE KEY', key);
}

function createRsa(wrong: 'qi' | 'dp'): Buffer {
  const jwk = rsa1024.privateKey.export({ format: 'jwk' });
  const number = (name: 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'): Buffer => {
    const bytes = Buffer.from(jwk[name] ?? '', 'base64url');
    if (name === wrong) bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 2, bytes.length - 1);
    const trimmed = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
    return der(0x02, (trimmed[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
  };
  return sequence(
    integer('00'),
    ...(['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const).map((name) => number(name)),
  );
}

function compress(): Buffer {
  const spki = p256.publicKey.export({ format: 'der', type: 'spki' });
  const point = spki.subarray(-65);
  const algorithm = sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7'));
  return sequence(
    algorithm,
    bits(Buffer.concat([Buffer.from([2 + ((point.at(-1) ?? 0) & 1)]), point.subarray(1, 33)])),
  );
}

const encrypted = p256.privateKey
  .export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();
const encryptedOld = rsa1024.privateKey
  .export({ format: 'pem', type: 'pkcs1', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();

/** Every kind of certificate and key that Go and OpenSSL, or Traefik and a reader of names, take differently; and sound ones. */
export function makeShapes(): readonly ShapedPair[] {
  return [...makeKeyShapes(), ...makeFileShapes(), ...makeNameShapes(), ...makeFieldShapes()];
}

function makeKeyShapes(): readonly ShapedPair[] {
  return [
    accepted('a key on P-256', plain),
    accepted('a key on P-384', withKey(ec('P-384'))),
    accepted('a key on P-521', withKey(ec('P-521'))),
    accepted('an Ed25519 key', withKey(generateKeyPairSync('ed25519'))),
    accepted('an RSA key of 1,024 bits', rsaPair),
    accepted('an RSA key of 2,048 bits', withKey(rsa(2048))),
    refused('an RSA key of 512 bits', withKey(rsa(512)), 'RSA key of 512 bits'),
    refused('an RSA key of 1,023 bits', withKey(rsa(1023)), 'RSA key of 1023 bits'),
    refused(
      'an RSA-PSS key',
      withKey(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })),
      'an RSA-PSS key',
    ),
    refused(
      'a DSA key',
      withKey(generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 })),
      'a DSA key',
    ),
    refused('an Ed448 key', withKey(generateKeyPairSync('ed448')), 'an Ed448 key'),
    refused('a key on P-224', withKey(ec('secp224r1')), 'curve other than'),
    refused('a key on secp256k1', withKey(ec('secp256k1')), 'curve other than'),
    refused('a key on brainpoolP256r1', withKey(ec('brainpoolP256r1')), 'curve other than'),
    refused('explicit parameters', withKey(ec('P-256', 'explicit')), 'explicit parameters'),
    refused(
      'explicit parameters in the key only',
      {
        cert: plain.cert,
        key: ec('P-256', 'explicit').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      },
      'explicit parameters',
    ),
    refused('a compressed point', pair({ key: p256, publicKeyInfo: compress() }), 'compressed'),
    refused('another key', { cert: plain.cert, key: pair().key }, 'does not belong'),
    refused('a key of another kind', { cert: plain.cert, key: rsaPair.key }, 'does not belong'),
    accepted('a point in the key that is not its own', { cert: plain.cert, key: toKeyWithForeignPoint() }),
    refused(
      'RSA numbers that do not fit',
      { cert: rsaPair.cert, key: toDamagedRsaKey() },
      'do not fit together',
    ),
    refused('an encrypted key', { cert: plain.cert, key: encrypted }, 'is encrypted'),
    refused('a key encrypted the old way', { cert: rsaPair.cert, key: encryptedOld }, 'is encrypted'),
  ];
}

function makeFileShapes(): readonly ShapedPair[] {
  const parameters = toPem('EC PARAMETERS', oid('1.2.840.10045.3.1.7'));
  return [
    accepted('a key in SEC 1, after its parameters', { ...plain, key: parameters + toOldForm(plain.key) }),
    accepted('a key in PKCS #1', { ...rsaPair, key: toOldForm(rsaPair.key) }),
    accepted('a key under the label of another form', {
      ...rsaPair,
      key: rsaPair.key.replaceAll('PRIVATE', 'EC PRIVATE'),
    }),
    accepted('a chain', { ...plain, cert: plain.cert + pair().cert }),
    accepted('notes around the blocks', { cert: `Bag Attributes\n${plain.cert}end`, key: `${plain.key}end` }),
    accepted('lines as in Windows', { cert: plain.cert.replaceAll('\n', '\r\n'), key: plain.key }),
    refused('the files exchanged', { cert: plain.key, key: plain.cert }, 'no PEM certificate'),
    refused(
      'data after the certificate',
      cutOut(plain, (bytes) => Buffer.concat([bytes, Buffer.from([0])])),
      'after its end',
    ),
    refused(
      'a certificate cut off',
      cutOut(plain, (bytes) => bytes.subarray(0, 200)),
      'no DER',
    ),
  ];
}

function cutOut(made: MadeCertificate, change: (bytes: Buffer) => Buffer): MadeCertificate {
  return { ...made, cert: toPem('CERTIFICATE', change(fromPem(made.cert))) };
}

function makeNameShapes(): readonly ShapedPair[] {
  return [
    accepted('two common names', pair({ commonNames: ['b.example.com', 'c.example.com'] }), [
      'a.example.com',
      'c.example.com',
    ]),
    accepted(
      'two common names in one set',
      pair({ subject: sequence(der(0x31, ...['b', 'c'].map((each) => rdn(`${each}.test`).subarray(2)))) }),
      ['a.example.com', 'c.test'],
    ),
    accepted('a common name that is no host', pair({ commonNames: ['Example Ltd'] })),
    accepted('a common name only', pair({ dns: [], commonNames: ['cn.example.com'] }), ['cn.example.com']),
    accepted('capitals', named('A.Example.COM'), dns),
    accepted('dots at the end', named('*.Example.com..'), ['*.example.com']),
    accepted('an address', pair({ addresses: ['10.0.0.1'] }), ['10.0.0.1', ...dns]),
    accepted(
      'an IPv6 address',
      pair({ otherNames: [der(0x87, Buffer.from('20010db8000000000000000000000001', 'hex'))] }),
      ['2001:db8::1', ...dns],
    ),
    accepted(
      'an IPv4 address in IPv6',
      pair({ otherNames: [der(0x87, Buffer.from('00000000000000000000ffff0a000001', 'hex'))] }),
      ['10.0.0.1', ...dns],
    ),
    accepted('an address as a DNS name', named('10.0.0.1'), ['10.0.0.1']),
    accepted('a dotted capital I in the common name', pair({ commonNames: ['\u0130ntern.example.com'] }), [
      'a.example.com',
      'intern.example.com',
    ]),
    accepted(
      'a common name as BMP',
      pair({ subject: sequence(rdn(Buffer.from('b.test', 'utf16le').swap16(), 0x1e)) }),
      ['a.example.com', 'b.test'],
    ),
    accepted('a common name in T.61', pair({ subject: sequence(rdn(Buffer.from([0xe4]), 0x14)) })),
    accepted(
      'other kinds of names',
      pair({ otherNames: [der(0x81, 'x@y.test'), der(0xa4, sequence(rdn('x')))] }),
    ),
    stricter('a comma in a name', named('a.example.com,zzz.evil.test'), 'no host name'),
    stricter('a comma in the common name', pair({ commonNames: ['Acme, Inc.'] }), 'no host name'),
    accepted('a name of one asterisk', named('*'), ['*']),
    accepted('a common name of one asterisk', pair({ commonNames: ['*'] }), ['*', ...dns]),
    stricter('an asterisk within', named('a*.example.com'), 'no host name'),
    stricter('two asterisks', named('*.*.example.com'), 'no host name'),
    stricter('a wildcard over addresses', named('*.0.0.1'), 'no host name'),
    stricter('a name with a space', named('a b.example.com'), 'no host name'),
    stricter('an empty name', named(''), 'no host name'),
    stricter('a URL as a name', named('https://a.example.com/'), 'no host name'),
    stricter(
      'more names than anyone needs',
      named(...Array.from({ length: 251 }, (_, index) => `a${index}.example.com`)),
      'more than 250 names',
    ),
    refused('a name that is not ASCII', named('ä.example.com'), 'not ASCII'),
    refused('a mail address that is not ASCII', pair({ otherNames: [der(0x81, 'ä@x.test')] }), 'not ASCII'),
    refused('a URI with a space in its host', withUri('https://a b.test/'), 'URI'),
    refused('a URI with a broken escape', withUri('https://a.test/%zz'), 'URI'),
    refused('a URI whose host ends in a dot', withUri('https://a.test./'), 'URI'),
    refused('a URI whose scheme is missing', withUri(':x'), 'URI'),
    accepted('a URI', withUri('spiffe://cluster.local/ns/x/sa/y')),
    accepted('a URI with a space in its path', withUri('https://a.test/b c')),
    accepted('a URN', withUri('urn:uuid:1 2')),
    refused('an address of five bytes', pair({ otherNames: [der(0x87, '12345')] }), 'IP address'),
  ];
}

function constraint(tag: number, value: Buffer | string): Buffer {
  return sequence(der(0xa0, sequence(der(tag, value))));
}

function makeFieldShapes(): readonly ShapedPair[] {
  const unknown = sequence(oid('1.2.3.4'));
  return [
    refused('a negative serial', pair({ serial: 'ff01' }), 'negative serial'),
    refused('a serial with a byte too many', pair({ serial: '0001' }), 'no DER'),
    accepted('a serial of zero', pair({ serial: '00' })),
    refused('a month 13', pair({ notAfter: der(0x18, '20251301000000Z') }), 'as a time'),
    refused('a 30th of February', pair({ notAfter: der(0x18, '20250230000000Z') }), 'as a time'),
    stricter('times of another zone', pair({ notAfter: der(0x18, '20250228000000+0100') }), 'as a time'),
    accepted('a time of the last century', pair({ notBefore: der(0x17, '500101000000Z') })),
    refused(
      'an unknown string type in the subject',
      pair({ subject: sequence(rdn('x', 0x1a)) }),
      'subject or issuer',
    ),
    refused(
      'an at sign in a PrintableString',
      pair({ subject: sequence(rdn('a@b', 0x13)) }),
      'subject or issuer',
    ),
    refused('UTF-8 that is none', pair({ subject: sequence(rdn(Buffer.from([0xff]))) }), 'subject or issuer'),
    accepted('an unknown critical extension', extended('1.2.3.4', Buffer.from('x'), true)),
    refused(
      'the same extension twice',
      pair({ extensions: [extension('1.2.3.4', unknown), extension('1.2.3.4', unknown)] }),
      'extension twice',
    ),
    refused(
      'alternative names twice',
      pair({ extensions: [extension('2.5.29.17', sequence(der(0x82, 'b.test')))] }),
      'extension twice',
    ),
    refused(
      'a critical subject key identifier',
      extended('2.5.29.14', der(0x04, 'x'), true),
      'marked critical',
    ),
    refused(
      'a critical authority key identifier',
      extended('2.5.29.35', sequence(), true),
      'marked critical',
    ),
    refused(
      'critical authority information',
      extended('1.3.6.1.5.5.7.1.1', sequence(), true),
      'marked critical',
    ),
    accepted('key usages', extended('2.5.29.15', der(0x03, Buffer.from([5, 0xa0])), true)),
    refused(
      'key usages with bits beyond their end',
      extended('2.5.29.15', der(0x03, Buffer.from([5, 0xbf]))),
      'no DER',
    ),
    refused('a negative length of paths', extended('2.5.29.19', sequence(integer('ff'))), 'number'),
    accepted(
      'an authority that serves',
      extended('2.5.29.19', sequence(der(0x01, Buffer.from([0xff]))), true),
    ),
    refused('a boolean of 1', extended('2.5.29.19', sequence(der(0x01, Buffer.from([1])))), 'no DER'),
    accepted('extended usages', extended('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1')))),
    refused('extended usages that are none', extended('2.5.29.37', sequence(integer('01'))), 'no DER'),
    accepted('policies', extended('2.5.29.32', sequence(sequence(oid('2.23.140.1.2.1'))))),
    refused('the same policy twice', extended('2.5.29.32', sequence(unknown, unknown)), 'policy twice'),
    accepted('constraints', extended('2.5.29.30', constraint(0x82, '.example.com'), true)),
    refused('no constraints', extended('2.5.29.30', sequence()), 'constraints'),
    refused('constraints on no domain', extended('2.5.29.30', constraint(0x82, 'a..b')), 'constraints'),
    refused(
      'constraints on a mask with a hole',
      extended('2.5.29.30', constraint(0x87, Buffer.from([10, 0, 0, 0, 255, 0, 255, 0]))),
      'constraints',
    ),
    refused(
      'constraints on the URI of an address',
      extended('2.5.29.30', constraint(0x86, '10.0.0.1')),
      'constraints',
    ),
    stricter('constraints on a mailbox', extended('2.5.29.30', constraint(0x81, 'a@b.test')), 'constraints'),
    accepted(
      'places of revocation lists',
      extended('2.5.29.31', sequence(sequence(der(0xa0, der(0xa0, der(0x86, 'http://x.test')))))),
    ),
    refused(
      'places of revocation lists that are none',
      extended('2.5.29.31', sequence(integer('01'))),
      'no DER',
    ),
    accepted(
      'where to ask about it',
      extended(
        '1.3.6.1.5.5.7.1.1',
        sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), der(0x86, 'http://x.test'))),
      ),
    ),
  ];
}
