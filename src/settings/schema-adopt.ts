import * as z from 'zod';
import { parseController, parseEntryPointName, parseSubdomain } from './names.ts';
import { crossCheck, described, textAs } from './schema-parts.ts';

interface Adopted {
  readonly dialect: string;
  readonly entryPoints: readonly string[];
  readonly strictPrefixMatching: boolean;
}

const shape = z.strictObject({
  controller: described(textAs(parseController), {
    description: 'The controller of the IngressClasses to serve as well.',
    example: 'k8s.io/ingress-nginx',
  }),
  dialect: described(z.enum(['fairlead', 'nginx', 'traefik']), {
    description: 'Whose defaults such an Ingress gets.',
    example: 'nginx',
  }),
  classes: described(z.array(textAs(parseSubdomain)).prefault([]), {
    description:
      'The classes to serve, as `ingressClass` of Traefik and `--ingress-class` of ingress-nginx name one; also those that the annotation `kubernetes.io/ingress.class` may name. Empty: every class of the controller, and by annotation `nginx` of ingress-nginx, `traefik` of Traefik.',
    example: '[traefik-internal]',
  }),
  entryPoints: described(z.array(textAs(parseEntryPointName)).prefault([]), {
    description:
      'With the dialect `traefik`: where an Ingress is served that names no entryPoints, as `asDefault` says in the static configuration of the Traefik that had it before. Of the fleet: `entryPoints.http`, `https` (always with TLS) or one of `others`. Empty: the first two.',
    example: '[web]',
  }),
  strictPrefixMatching: described(z.boolean().prefault(false), {
    description:
      'With the dialect `traefik`: whether a path of type Prefix matches by its elements, as `strictPrefixMatching` says in the static configuration of the Traefik that had it before. Else by its characters: `/foo` takes `/foobar`.',
  }),
});

/** An item of `ingress.adopt`. */
export const adoptedSchema = shape.check(
  crossCheck<Adopted>(['dialect', 'entryPoints', 'strictPrefixMatching'], (adopted, report) => {
    if (adopted.dialect === 'traefik') return;
    const hint = 'remove it, or write "dialect: traefik"';
    if (adopted.entryPoints.length > 0) report(['entryPoints'], 'is for the dialect traefik', hint);
    if (adopted.strictPrefixMatching) report(['strictPrefixMatching'], 'is for the dialect traefik', hint);
  }),
);
