/** The part of `problemCodes` that is about files of folders; sorted by name. */
export const fileCodes = {
  'file-key-repeated': {
    severity: 'warning',
    means: 'A key stands twice in one mapping of a manifest. As for kubectl, the last one counts.',
  },
  'file-skipped': {
    severity: 'info',
    means:
      'Files in a folder hold no Kubernetes objects, such as `kustomization.yaml` or `values.yaml`. They are passed over.',
  },
  'file-template': {
    severity: 'warning',
    means:
      'Files in a folder are templates, such as those of a Helm chart. They are not read: what counts is what is rendered from them.',
  },
} as const;
