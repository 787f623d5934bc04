import type { MadeCertificate } from './make-certificate.ts';
import { makeCertificate, type CertificateShape } from './make-certificate.ts';

/** Whose certificate is shown: `traefik` for the one that Traefik makes up. */
export type Shown = 'attacker' | 'default' | 'traefik' | 'victim';

/** One attack on one victim. */
export interface Attack {
  readonly name: string;
  /** As `kubectl apply` would take them. */
  readonly objects: readonly object[];
  /** Whether the fleet has a default certificate, the Secret `edge/default-tls`. */
  readonly hasDefault: boolean;
  readonly certificates: Readonly<Partial<Record<Exclude<Shown, 'traefik'>, MadeCertificate>>>;
  /** The host of the victim for which the attacker wants to be seen. */
  readonly host: string;
  readonly expected: Shown;
}

interface Attacker {
  readonly what: string;
  readonly shape: CertificateShape;
  readonly route: { readonly host: string; readonly path: string };
  /** The attacker routes the very host of the victim: when he was there first, it is his. */
  readonly sharesHost?: true;
  /** His certificate cannot be used, so that his host is one without; when he was there first, no wildcard of others covers it. */
  readonly hasNone?: true;
}

const attackers: readonly Attacker[] = [
  {
    what: 'a last common name that is the host',
    shape: { commonNames: ['b.example.com', 'a.example.com'], dns: ['b.example.com'] },
    route: { host: 'b.example.com', path: '/' },
  },
  {
    what: 'a name with the host before a comma',
    shape: { dns: ['b.example.com', 'a.example.com,zzz.evil.test'] },
    route: { host: 'b.example.com', path: '/' },
    hasNone: true,
  },
  {
    what: 'the host and one that nobody routes, of which he routes a path of the host',
    shape: { dns: ['a.example.com', 'zzz.example.com'] },
    route: { host: 'a.example.com', path: '/x9' },
    sharesHost: true,
  },
  {
    what: 'the wildcard above the host and a host of his own below it',
    shape: { dns: ['*.example.com', 'b.example.com'] },
    route: { host: 'b.example.com', path: '/' },
  },
  {
    what: 'the wildcard above the host with a dot at its end',
    shape: { dns: ['b.evil.test', '*.example.com.'] },
    route: { host: 'b.evil.test', path: '/' },
  },
];

interface Victim {
  readonly what: string;
  /** Absent: none of its own. */
  readonly shape?: CertificateShape;
  readonly hosts: readonly string[];
  readonly hasDefault?: true;
}

const hosts = ['a.example.com'];
const victims: readonly Victim[] = [
  { what: 'with a certificate for the host', shape: { dns: hosts }, hosts },
  {
    what: 'with a certificate for several hosts',
    shape: { dns: [...hosts, 'c.example.com'] },
    hosts: [...hosts, 'c.example.com'],
  },
  { what: 'with a wildcard', shape: { dns: ['*.example.com'] }, hosts },
  { what: 'with the default of the fleet', hosts, hasDefault: true },
  { what: 'with none', hosts },
];

/** Every attack on every victim, each with the attacker before and after the victim. */
export const attacks: readonly Attack[] = attackers.flatMap((attacker) =>
  victims.flatMap((victim) => [toAttack(attacker, victim, false), toAttack(attacker, victim, true)]),
);

function toAttack(attacker: Attacker, victim: Victim, isElder: boolean): Attack {
  const made = {
    attacker: makeCertificate(attacker.shape),
    ...(victim.shape && { victim: makeCertificate(victim.shape) }),
    ...(victim.hasDefault && { default: makeCertificate({ dns: ['*.example.com', 'edge.test'] }) }),
  };
  const { route } = attacker;
  const objects = [
    toIngress('shop', '2024-06-01T00:00:00Z', victim.hosts, '/', victim.shape !== undefined),
    toIngress(
      'evil',
      isElder ? '2024-01-01T00:00:00Z' : '2025-01-01T00:00:00Z',
      [route.host],
      route.path,
      true,
    ),
    toSecret('evil', 'web-tls', made.attacker),
    ...(made.victim ? [toSecret('shop', 'web-tls', made.victim)] : []),
    ...(made.default ? [toSecret('edge', 'default-tls', made.default)] : []),
  ];
  return {
    name: `${attacker.what}, by who came ${isElder ? 'before' : 'after'} one ${victim.what}`,
    objects,
    hasDefault: victim.hasDefault === true,
    certificates: made,
    host: 'a.example.com',
    expected: toExpected(attacker, victim, isElder),
  };
}

function toExpected(
  { sharesHost, hasNone }: Attacker,
  { shape, hasDefault }: Victim,
  isElder: boolean,
): Shown {
  if (isElder && sharesHost === true) return 'attacker';
  const isWildcard = shape?.dns?.some((name) => name.startsWith('*.')) === true;
  if (isElder && hasNone === true && isWildcard) return 'traefik';
  return shape ? 'victim' : hasDefault ? 'default' : 'traefik';
}

function toIngress(
  namespace: string,
  creationTimestamp: string,
  names: readonly string[],
  path: string,
  hasSecret: boolean,
): object {
  const backend = { service: { name: 'web', port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace, creationTimestamp },
    spec: {
      ingressClassName: 'fairlead',
      tls: [{ hosts: names, ...(hasSecret && { secretName: 'web-tls' }) }],
      rules: names.map((host) => ({ host, http: { paths: [{ path, pathType: 'Prefix', backend }] } })),
    },
  };
}

function toSecret(namespace: string, name: string, { cert, key }: MadeCertificate): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': cert, 'tls.key': key },
  };
}
