import { matchesGlob } from '../../lib/glob.ts';
import type { ShownNamespaces } from '../../settings/settings.ts';

/** What of the world one request may see. */
export interface View {
  readonly namespaces: ShownNamespaces;
}

/** Whether a namespace is shown. What belongs to none (the empty text) is shown only to whoever sees all. */
export function seesNamespace({ namespaces }: View, namespace: string): boolean {
  if (namespaces === 'all') return true;
  return namespace !== '' && namespaces.some((pattern) => matchesGlob(pattern, namespace));
}

/** As `seesNamespace`, for an object as users write it: `Kind/namespace/name`. */
export function seesObject(view: View, path: string): boolean {
  const [, namespace = '', name] = path.split('/');
  return seesNamespace(view, name === undefined ? '' : namespace);
}

/** An object of a namespace as messages name it (`toObjectPath`), with the source and the port that may stand behind it. */
const object =
  /\b[A-Z][A-Za-z]+\/([a-z0-9-]+)\/[^\s,;:()'"]+(?: of source [a-z0-9-]+)?(?: \(port [^()]*\))?/g;
/** A namespace as messages name it (`describeTenant`). */
const tenant = /\bnamespace ([a-z0-9-]+)(?: of source [a-z0-9-]+)?(?= was the first)/g;

/** A text without the names of others that stand in it, such as who holds a host or a port. */
export function hideOthers(view: View, text: string): string {
  if (view.namespaces === 'all') return text;
  const hide = (words: string) => (found: string, namespace: string) =>
    seesNamespace(view, namespace) ? found : words;
  return text
    .replaceAll(object, hide('an object of another namespace'))
    .replaceAll(tenant, hide('another namespace'));
}
