import type { ExposeAnnotation } from './settings.ts';

/** The annotation that Fairlead understands whatever is configured, and its answer. */
export const ownAnnotations: ExposeAnnotation = {
  key: 'fairlead.dev/expose',
  allocated: '{protocol}.fairlead.dev/{port}',
};
