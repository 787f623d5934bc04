const label = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/** What Kubernetes takes as a namespace: at most 63 lower-case letters, digits and inner hyphens. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && label.test(text);
}

/** What Kubernetes takes as the name of an object: DNS labels joined by dots, at most 253 characters. */
export function isDnsSubdomain(text: string): boolean {
  if (text.length > 253) return false;
  return text.includes('.') ? text.split('.').every((part) => label.test(part)) : label.test(text);
}
