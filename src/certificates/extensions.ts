import { contextTag, Der, tags } from './der.ts';
import { isAscii } from './distinguished-name.ts';
import { checkNameConstraints } from './name-constraints.ts';
import { refuse } from './refusal.ts';
import { isReadableUri } from './uri.ts';

/** The alternative names of a certificate that Traefik looks at, as they stand. */
export interface AlternativeNames {
  readonly dns: readonly string[];
  /** Of 4 or 16 bytes. */
  readonly addresses: readonly Buffer[];
}

interface Extension {
  readonly critical: boolean;
  readonly value: Der;
}

const alternativeNamesOid = '551d11';

/**
 * Reads the extensions of a certificate. Besides the alternative names they change nothing here, but Go refuses the whole
 * certificate for one of those it knows that it cannot read; one that it does not know it leaves alone, even a critical one.
 */
export function readExtensions(list: Der): AlternativeNames {
  const seen = new Set<string>();
  let names: AlternativeNames = { dns: [], addresses: [] };
  while (!list.isEmpty) {
    const extension = list.read(tags.sequence);
    const oid = extension.readOid();
    const critical = extension.isNext(tags.boolean) && extension.readBoolean();
    const value = extension.read(tags.octetString);
    if (seen.has(oid)) refuse('has the same extension twice');
    seen.add(oid);
    if (oid === alternativeNamesOid) names = readAlternativeNames(value);
    else checks[oid]?.({ critical, value });
  }
  return names;
}

function readAlternativeNames(value: Der): AlternativeNames {
  const [dns, addresses]: [string[], Buffer[]] = [[], []];
  const names = value.read(tags.sequence);
  while (!names.isEmpty) {
    const { tag, content } = names.readAny();
    const bytes = content.toBytes();
    const text = bytes.toString('latin1');
    if (tag === contextTag(7)) {
      if (bytes.length !== 4 && bytes.length !== 16) refuse('names an IP address that is none');
      addresses.push(bytes);
    } else if (tag === contextTag(1) || tag === contextTag(2) || tag === contextTag(6)) {
      if (!isAscii(text)) refuse('has an alternative name that is not ASCII; write it as punycode (xn--…)');
      if (tag === contextTag(2)) dns.push(text);
      if (tag === contextTag(6) && !isReadableUri(text)) refuse('has a URI among its names that is none');
    }
  }
  return { dns, addresses };
}

/** What Go asks of the extensions that it knows, by object identifier; see the cases of its crypto/x509. */
const checks: Readonly<Record<string, (extension: Extension) => void>> = {
  // subjectKeyIdentifier
  '551d0e': (extension) => {
    notCritical(extension);
    extension.value.read(tags.octetString);
  },
  // keyUsage
  '551d0f': ({ value }) => value.readBits(),
  // basicConstraints
  '551d13': ({ value }) => {
    const constraints = value.read(tags.sequence);
    if (constraints.isNext(tags.boolean)) constraints.readBoolean();
    if (constraints.isNext(tags.integer)) checkInt64(constraints, tags.integer, 0n);
  },
  // nameConstraints
  '551d1e': ({ value }) => checkNameConstraints(value),
  // cRLDistributionPoints
  '551d1f': ({ value }) =>
    forEach(value.read(tags.sequence), (points) => {
      const name = points.read(tags.sequence).readOptional(contextTag(0, true));
      const names = name?.read(contextTag(0, true));
      while (names?.isNext(contextTag(6)) === true) names.read(contextTag(6));
    }),
  // certificatePolicies
  '551d20': ({ value }) => {
    const seen = new Set<string>();
    forEach(value.read(tags.sequence), (policies) => {
      const oid = readLongOid(policies.read(tags.sequence));
      if (seen.has(oid)) refuse('has the same certificate policy twice');
      seen.add(oid);
    });
  },
  // policyMappings
  '551d21': ({ value }) =>
    forEach(value.read(tags.sequence), (mappings) => {
      const mapping = mappings.read(tags.sequence);
      mapping.read(tags.oid);
      mapping.read(tags.oid);
    }),
  // authorityKeyIdentifier
  '551d23': (extension) => {
    notCritical(extension);
    extension.value.read(tags.sequence).readOptional(contextTag(0));
  },
  // policyConstraints
  '551d24': ({ value }) => {
    const constraints = value.read(tags.sequence);
    for (const tag of [contextTag(0), contextTag(1)]) {
      if (constraints.isNext(tag)) checkInt64(constraints, tag);
    }
  },
  // extKeyUsage
  '551d25': ({ value }) => forEach(value.read(tags.sequence), (usages) => usages.readOid()),
  // inhibitAnyPolicy
  '551d36': ({ value }) => checkInt64(value, tags.integer),
  // authorityInfoAccess
  '2b06010505070101': (extension) => {
    notCritical(extension);
    forEach(extension.value.read(tags.sequence), (descriptions) => {
      const description = descriptions.read(tags.sequence);
      description.readOid();
      description.readOptional(contextTag(6));
    });
  },
};

function notCritical({ critical }: Extension): void {
  if (critical) refuse('has an extension marked critical that must not be');
}

function forEach(list: Der, read: (list: Der) => void): void {
  while (!list.isEmpty) read(list);
}

function checkInt64(from: Der, tag: number, least = -(2n ** 63n)): void {
  const bytes = from.readInteger(tag);
  if (bytes.length > 8 || BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`)) < least) {
    refuse('has an extension with a number that Traefik cannot read');
  }
}

/** An object identifier whose parts may have any length. */
function readLongOid(from: Der): string {
  const hex = from.read(tags.oid).toBytes();
  const isWhole = hex.length > 0 && (hex.at(-1) ?? 0) < 0x80;
  const isShortest = hex.every(
    (byte, index) => byte !== 0x80 || (index > 0 && (hex[index - 1] ?? 0) >= 0x80),
  );
  return isWhole && isShortest ? hex.toString('hex') : refuse('has a certificate policy that is none');
}
