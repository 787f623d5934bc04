/** Problems of annotations; see `problem-codes.ts`. */
export const annotationCodes = {
  'annotation-in-part': {
    severity: 'warning',
    means: 'An annotation is applied, except for a part of it. The message says which.',
  },
  'annotation-invalid': {
    severity: 'error',
    means: 'The value of an annotation cannot be used. The default applies instead.',
  },
  'annotation-not-string': {
    severity: 'warning',
    means:
      'An annotation is a number, a boolean or a structure, which a cluster would refuse. It is read as its text.',
  },
  'annotation-not-supported': {
    severity: 'warning',
    means: 'An annotation is known but not supported. It is ignored.',
  },
  'annotation-too-long': {
    severity: 'error',
    means:
      'An annotation has more characters than `limits.annotation` allows, and is not read. The default applies. If the annotation limits access, the route answers 503.',
  },
  'annotation-unknown': {
    severity: 'warning',
    means: 'No annotation has this name. It is ignored.',
  },
  'annotation-without-effect': {
    severity: 'warning',
    means:
      'An annotation is well-formed, but nothing uses it: no route, no port, no backend. The message says why.',
  },
} as const;
