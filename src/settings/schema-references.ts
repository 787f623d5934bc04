import * as z from 'zod';
import type { Parsed } from '../lib/parsed.ts';
import { parseNamespacePattern } from './names.ts';
import { described, textAs } from './schema-parts.ts';

/** `name@provider`, with `*` in the name: never another provider, and above all not Traefik's own `internal`. */
function parseReferencePattern(text: string): Parsed<string> {
  if (/^[^\s@,\p{C}]{1,200}@(?:file|kubernetescrd)$/u.test(text)) return { ok: true, value: text };
  return {
    ok: false,
    message: 'is not a name such as "name@file"',
    hint: 'write a name, perhaps with "*" in it, and "@file" or "@kubernetescrd"',
  };
}

const rule = z.strictObject({
  namespaces: described(z.array(textAs(parseNamespacePattern)).min(1), {
    description: 'The namespaces that may, with `*` for any characters.',
    type: 'list of namespaces',
    example: '[shop, "team-*"]',
  }),
  names: described(z.array(textAs(parseReferencePattern)).min(1), {
    description: 'What they may name, with `*` for any characters before the `@`.',
    type: 'list of names',
    example: '["edge-*@kubernetescrd", "compress@file"]',
  }),
});

/** `ingress.references`. */
export const referencesSchema = described(
  z
    .strictObject({
      ownNamespace: described(z.boolean().prefault(true), {
        description:
          'Whether a namespace of the first source may name what is in it by Traefik’s resources of Kubernetes, as `NAMESPACE-NAME@kubernetescrd`. Not where the name may as well be that of another namespace, which begins with the same words.',
      }),
      rules: described(z.array(rule).prefault([]), {
        description: 'What else may be named, and by whom. What no rule allows is refused.',
        example: '[{namespaces: ["*"], names: [compress@file]}]',
      }),
    })
    .prefault({}),
  {
    description:
      'What Ingresses and Services may name from Traefik’s other providers, by `traefik.ingress.kubernetes.io/router.middlewares` and the like. Whoever may name a middleware can use its content, such as a header with a password.',
    example: '{ownNamespace: true}',
  },
);
