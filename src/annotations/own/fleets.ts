import { defineFeature } from '../feature.ts';
import { accept, toItems, type Parser } from '../parsers.ts';

/** Any texts, or none: which fleets there are is known to the translation, and a wrong one must not mean the default. */
const names: Parser<readonly string[]> = (text) => accept(toItems(text));

/** Which Traefik instances serve the object. */
export const fleets = defineFeature({
  name: 'fleets',
  annotations: {
    fleets: {
      key: 'fairlead.dev/fleet',
      on: ['Service', 'Ingress'],
      parse: names,
      whenInvalid: 'use-default',
      value: 'names of fleets, comma-separated',
      example: 'internal,public',
      doc: 'The fleets that serve the object. The default is the first fleet of the configuration; for an Ingress, those of its class.',
    },
  },
  apply: ({ fleets: wanted }) => (wanted === undefined ? {} : { fleets: wanted }),
});
