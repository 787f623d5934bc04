import type { FrontendValidation, Listener, NamedRef } from '../../model/gateway-specs.ts';
import type { Gateway } from '../../model/objects.ts';
import { countText } from '../../model/problem.ts';
import type { HostTlsOptions } from '../../routes/tls-options.ts';
import type { Translating } from '../context.ts';
import { readObjectAuthorities } from '../secret-pair.ts';
import { toOwnOptions } from '../tls-options.ts';
import { mayRefer } from './grants.ts';
import { refuseForeign, refuseUnreadable } from './named-secret.ts';
import type { Refusal } from './resolved.ts';

/** What clients of a listener have to show, as Traefik is told. */
export interface FoundValidation {
  /** Absent: nothing is asked of them. */
  readonly options?: HostTlsOptions;
  readonly refusals: readonly Refusal[];
  /** Whether no authority is left, so that nobody can be let in. */
  readonly isUnusable: boolean;
}

const none: FoundValidation = { refusals: [], isUnusable: false };

/** Of the authorities of one Gateway, which stand in the documents of its fleets. */
const mostCharacters = 256 * 1024;

/** What a Gateway asks of the clients of its listeners, each looked up once. */
export class FrontendValidations {
  readonly #context: Translating;
  readonly #gateway: Gateway;
  readonly #known = new Map<FrontendValidation, FoundValidation>();
  /** Of all authorities so far. */
  #characters = 0;

  constructor(context: Translating, gateway: Gateway) {
    this.#context = context;
    this.#gateway = gateway;
  }

  /** For a listener of its own or of a ListenerSet: by its port, else by default, and over HTTPS only. */
  find({ protocol, port }: Listener): FoundValidation {
    const { frontend } = this.#gateway;
    if (frontend === undefined || protocol !== 'HTTPS') return none;
    const ofPort = frontend.perPort.find((each) => each.port === port);
    // One for the port without a validation takes the place of the default too.
    const validation = ofPort === undefined ? frontend.default : ofPort.validation;
    if (validation === undefined) return none;
    const found = this.#known.get(validation) ?? this.#look(validation);
    this.#known.set(validation, found);
    return found;
  }

  #look({ caCertificateRefs, mode }: FrontendValidation): FoundValidation {
    const found = caCertificateRefs.map((ref) => this.#findAuthorities(ref));
    const refusals = found.flatMap((each) => (typeof each === 'string' ? [] : each));
    const caFiles = [...new Set(found.flatMap((each) => (typeof each === 'string' ? each : [])))];
    if (caFiles.length === 0) return { refusals, isUnusable: true };
    const clientAuthType =
      mode === 'AllowInsecureFallback' ? 'RequestClientCert' : 'RequireAndVerifyClientCert';
    const options = toOwnOptions({ clientAuth: { caFiles, clientAuthType } });
    return { options, refusals, isUnusable: false };
  }

  /** The authorities, in PEM, or why they cannot be had. */
  #findAuthorities(ref: NamedRef): Refusal | string {
    const owner = this.#gateway.meta.ref;
    const { group, kind, name, field, namespace = owner.namespace } = ref;
    const shown = namespace === owner.namespace ? name : `${namespace}/${name}`;
    // The reader has reported it.
    if (name === '') return refuseUnreadable(field, 'InvalidCACertificateRef');
    if (!mayRefer(this.#context, owner, { group, kind, namespace, name }))
      return refuseForeign(owner, ref, shown);
    if (group !== '' || (kind !== 'ConfigMap' && kind !== 'Secret'))
      return {
        reason: 'InvalidCACertificateKind',
        field,
        message: `authorities cannot come from ${kind}${group === '' ? '' : ` of ${group}`} ${shown}`,
        hint: 'Name a ConfigMap, with the empty group, that has them in ca.crt.',
      };
    const object = this.#context.view.find(kind, owner.source, namespace, name);
    const read = object && readObjectAuthorities(this.#context, object);
    if (read !== undefined && typeof read !== 'string') {
      this.#characters += read.certificates.length;
      return this.#characters > mostCharacters ? refuseSurplus(field) : read.certificates;
    }
    return {
      reason: 'InvalidCACertificateRef',
      field,
      message: `${kind} ${shown} ${read ?? 'does not exist'}`,
      hint: `Put the certificates of the authorities into ca.crt of a ${kind} of that name, as PEM.`,
    };
  }
}

function refuseSurplus(field: string): Refusal {
  return {
    reason: 'InvalidCACertificateRef',
    field,
    message: `the authorities of the Gateway have more than ${countText(mostCharacters)} characters in all`,
    hint: 'Name those alone from which the certificates of its clients come.',
  };
}

/** Whether any port lets clients in without a valid certificate that ought to have one. */
export function hasInsecureFrontend({ frontend }: Gateway): boolean {
  const all = [frontend?.default, ...(frontend?.perPort ?? []).map(({ validation }) => validation)];
  return all.some((validation) => validation?.mode === 'AllowInsecureFallback');
}
