import { eachField, listItem, type Field } from './fields.ts';
import { findNearest } from '../lib/nearest.ts';
import type { ValuePath } from './value-path.ts';

/** What all environment variables of Fairlead begin with. */
export const variablePrefix = 'FAIRLEAD_';

/** Variables that are not fields of the configuration file, with what they do. */
export const processVariables = {
  FAIRLEAD_CONFIG: 'The path of the configuration file; the option `-c` comes before it.',
  FAIRLEAD_TOKEN:
    'The token that Traefik and `fairlead edge` send: one of `provider.tokens`, which it does not change.',
} as const;

/** `provider.maxWait`: `FAIRLEAD_PROVIDER_MAX_WAIT`. Indexes of lists stand as `#`. */
export function toVariableName(path: readonly string[]): string {
  return variablePrefix + path.map(toUpperSnake).join('_');
}

/** `allowedCIDRs`: `ALLOWED_CIDRS`; `clientCA`: `CLIENT_CA`. */
function toUpperSnake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

const byName: ReadonlyMap<string, Field> = new Map(
  Array.from(eachField(), (field) => [toVariableName(field.path), field]),
);

/** The field that a variable stands for, and where its value goes. */
export interface VariableTarget {
  readonly field: Field;
  readonly path: ValuePath;
}

/** Undefined when no field has this variable. */
export function findTarget(variable: string): VariableTarget | undefined {
  const indexes = toIndexes(variable);
  const field = byName.get(toTemplate(variable));
  if (!field) return undefined;
  let next = 0;
  return { field, path: field.path.map((step) => (step === listItem ? Number(indexes[next++]) : step)) };
}

/** The variable that was probably meant by an unknown one. */
export function suggestVariable(variable: string): string | undefined {
  // A number with zeros before it is most likely that number.
  const plain = variable.replaceAll(/(?<=_)0+(?=\d)/g, '');
  const indexes = toIndexes(plain);
  const strip = (name: string) => name.slice(variablePrefix.length);
  const nearest = findNearest(
    strip(toTemplate(plain)),
    [...byName.keys(), ...Object.keys(processVariables)].map(strip),
  );
  let next = 0;
  return nearest && variablePrefix + nearest.replaceAll(listItem, () => indexes[next++] ?? '0');
}

/** Each has one spelling: with `00` beside `0` two variables would be for one field. */
const indexes = /(?<=_)(?:0|[1-9]\d{0,3})(?=_|$)/g;

function toTemplate(variable: string): string {
  return variable.replaceAll(indexes, listItem);
}

function toIndexes(variable: string): readonly string[] {
  return variable.match(indexes) ?? [];
}

/**
 * Whether Kubernetes set the variable: a pod gets some for each Service of its namespace, and that of a Service named
 * `fairlead` or `fairlead-admin` begins like ours.
 */
export function isServiceLink(variable: string, value: string): boolean {
  if (/_SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?$/.test(variable)) return true;
  if (/_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(variable)) return true;
  return variable.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value);
}
