import type { NamedRef } from '../../model/gateway-specs.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import { countText } from '../../model/problem.ts';
import type { Translating } from '../context.ts';
import { readSecretPair } from '../secret-pair.ts';
import { mayRefer } from './grants.ts';
import type { NamedSecret, Refusal } from './resolved.ts';

/** Looks up the Secrets that one Gateway or ListenerSet names for certificates and their keys, each once. */
export class NamedSecrets {
  readonly #context: Translating;
  readonly #owner: ObjectRef;
  readonly #known = new Map<string, NamedSecret | Refusal>();

  constructor(context: Translating, owner: ObjectRef) {
    this.#context = context;
    this.#owner = owner;
  }

  /**
   * The Secret, or why it cannot be used.
   * @param invalid The word of the specification for one that may be named and is not usable.
   */
  find(ref: NamedRef, invalid: string): NamedSecret | Refusal {
    const { group, kind, name, field, namespace = this.#owner.namespace } = ref;
    const key = `${invalid} ${group} ${kind} ${namespace}/${name}`;
    const most = this.#context.settings.limits.object.certificates;
    if (!this.#known.has(key) && this.#known.size >= most) return refuseSurplus(most, field, invalid);
    const found = this.#known.get(key) ?? this.#look(ref, namespace, invalid);
    this.#known.set(key, found);
    return { ...found, field };
  }

  #look(ref: NamedRef, namespace: string, invalid: string): NamedSecret | Refusal {
    const owner = this.#owner;
    const { group, kind, name, field } = ref;
    const shown = namespace === owner.namespace ? name : `${namespace}/${name}`;
    // The reader has reported it.
    if (name === '') return refuseUnreadable(field, invalid);
    // Nothing is said of what is in a namespace that grants nothing.
    if (!mayRefer(this.#context, owner, { group, kind, namespace, name }))
      return refuseForeign(owner, ref, shown);
    if (group !== '' || kind !== 'Secret')
      return {
        reason: invalid,
        field,
        message: `${kind}${group === '' ? '' : ` of ${group}`} ${shown} is no certificate: only Secrets are`,
        hint: 'Name a Secret of type kubernetes.io/tls, with the empty group.',
      };
    const secret = this.#context.view.secret(owner.source, namespace, name);
    const pair = secret && readSecretPair(this.#context, secret);
    if (pair !== undefined && typeof pair !== 'string') return { namespace, name, field };
    return {
      reason: invalid,
      field,
      message: `Secret ${shown} ${pair ?? 'does not exist'}`,
      hint:
        pair === undefined
          ? `Create a Secret of type kubernetes.io/tls named ${name} in namespace ${namespace}.`
          : 'Put the certificate chain into tls.crt and its key into tls.key, as PEM.',
    };
  }
}

/** Why what cannot be read cannot be used. */
export function refuseUnreadable(field: string, reason: string): Refusal {
  return {
    reason,
    field,
    message: 'what it names cannot be read',
    hint: 'Give it a name, as texts.',
  };
}

function refuseSurplus(most: number, field: string, reason: string): Refusal {
  return {
    reason,
    field,
    message: `the object names more than ${countText(most)} certificates (limits.object.certificates)`,
    hint: 'Divide the object, or ask the operators of the edge to raise the limit.',
  };
}

/** Why an object of another namespace may not be named. */
export function refuseForeign(
  owner: ObjectRef,
  { kind, field, namespace = '', name }: NamedRef,
  shown: string,
): Refusal {
  return {
    reason: 'RefNotPermitted',
    field,
    message: `no ReferenceGrant lets a ${owner.kind} of namespace ${owner.namespace} name ${kind} ${shown}`,
    hint: `Create a ReferenceGrant in namespace ${namespace} from ${owner.kind} of namespace ${owner.namespace} to ${kind} ${name}.`,
  };
}
