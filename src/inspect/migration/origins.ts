import type { Origin } from '../../model/migration.ts';
import type { Dialect, Settings } from '../../settings/settings.ts';

/** How a controller is called where. */
export interface OriginWords {
  readonly controller: string;
  readonly dialect: Dialect;
  /** Of its annotations. */
  readonly prefix: string;
}

const words: Readonly<Record<Origin, OriginWords>> = {
  'ingress-nginx': {
    controller: 'k8s.io/ingress-nginx',
    dialect: 'nginx',
    prefix: 'nginx.ingress.kubernetes.io/',
  },
  traefik: {
    controller: 'traefik.io/ingress-controller',
    dialect: 'traefik',
    prefix: 'traefik.ingress.kubernetes.io/',
  },
};

export function originOf(from: Origin): OriginWords {
  return words[from];
}

const byDefault = { classes: [], entryPoints: [], strictPrefixMatching: false };

/** The settings with the Ingresses of a controller adopted, in its own dialect unless another one is given. */
export function withAdopted(settings: Settings, from: Origin, dialect = words[from].dialect): Settings {
  const { controller } = words[from];
  const { adopt } = settings.ingress;
  const others = adopt.filter((each) => each.controller !== controller);
  const known = adopt.find((each) => each.controller === controller);
  const adopted = { ...byDefault, ...known, controller, dialect };
  return { ...settings, ingress: { ...settings.ingress, adopt: [...others, adopted] } };
}
