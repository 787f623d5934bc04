import { stringify } from 'yaml';

/** A value as YAML on one line, as it would stand behind `name: `. */
export function toFlowYaml(value: unknown): string {
  if (value === undefined) return '';
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim();
}
