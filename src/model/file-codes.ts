/** The part of `problemCodes` that is about files of folders; sorted by name. */
export const fileCodes = {
  'file-key-repeated': {
    severity: 'warning',
    means: 'A key occurs twice in one mapping of a manifest. As for kubectl, the last one counts.',
  },
  'file-skipped': {
    severity: 'info',
    means:
      'Files in a folder hold no Kubernetes objects, such as `kustomization.yaml` or `values.yaml`. They are skipped.',
  },
  'file-template': {
    severity: 'warning',
    means:
      'Files in a folder are templates, such as those of a Helm chart. They are not read: render them first.',
  },
} as const;
