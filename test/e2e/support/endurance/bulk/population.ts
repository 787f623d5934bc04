import * as fc from 'fast-check';
import { toObjectKey, type ObjectKey } from '../../../../../src/model/object-ref.ts';
import type { SourceObject } from '../../../../../src/model/objects.ts';
import type { Change } from '../../../../../src/model/snapshot.ts';
import { anyObject } from '../../../../unit/pipeline/arbitraries.ts';
import { gatewayBase } from '../../../../unit/pipeline/gateway-arbitraries.ts';
import type { Random } from '../../random.ts';
import { toPods, toShop } from './plain-objects.ts';

const tenants = 40;
const mostObjects = 8;
/** So many different objects are written, over and over, under ever new names. */
const samples = 4_000;
/** More on one object find no other faults, and cost the time of many changes. */
const mostAnnotations = 3;

type Objects = Map<ObjectKey, SourceObject>;

/**
 * The model: tenants that come, change what they have and go, each in a namespace whose name nobody had before. Their objects are those of
 * the properties of the pipeline, which meet, contradict each other and are wrong in most of the ways that there are.
 */
export class Population {
  readonly #random: Random;
  readonly #samples: readonly SourceObject[];
  readonly #tenants = new Map<string, Objects>();
  #came = 0;

  constructor(random: Random, seed: number) {
    this.#random = random;
    this.#samples = fc.sample(anyObject, { numRuns: samples, seed }).filter(hasNamespace);
  }

  /** All that there is. */
  get objects(): readonly SourceObject[] {
    return [...gatewayBase, ...[...this.#tenants.values()].flatMap((objects) => [...objects.values()])];
  }

  /** What somebody does next: one change, or all those of a tenant that goes. */
  next(): readonly Change[] {
    const what = this.#random.below(1_000);
    if (this.#tenants.size < tenants) return this.#invite();
    const tenant = this.#random.pick([...this.#tenants.keys()]);
    const objects = this.#tenants.get(tenant) ?? new Map<ObjectKey, SourceObject>();
    if (what < 10) return this.#leave(tenant);
    if (what < 800) return [put(objects, toPods(tenant, this.#random))];
    if (what < 880) return [put(objects, toShop(tenant, this.#random))];
    if (what < 960 && objects.size < mostObjects)
      return [put(objects, inNamespace(this.#random.pick(this.#samples), tenant, this.#random))];
    return objects.size === 0 ? [] : [remove(objects, this.#random.pick([...objects.keys()]))];
  }

  /** Everybody goes. */
  clear(): readonly Change[] {
    return [...this.#tenants.keys()].flatMap((tenant) => this.#leave(tenant));
  }

  #invite(): readonly Change[] {
    this.#came += 1;
    const tenant = `tenant-${this.#came}`;
    const objects: Objects = new Map();
    this.#tenants.set(tenant, objects);
    return [put(objects, toShop(tenant, this.#random)), put(objects, toPods(tenant, this.#random))];
  }

  #leave(tenant: string): readonly Change[] {
    const objects = this.#tenants.get(tenant) ?? new Map<ObjectKey, SourceObject>();
    const keys = [...objects.keys()];
    this.#tenants.delete(tenant);
    return keys.map((key) => remove(objects, key));
  }
}

function put(objects: Objects, object: SourceObject): Change {
  objects.set(toObjectKey(object.meta.ref), object);
  return { kind: 'set', object };
}

function remove(objects: Objects, key: ObjectKey): Change {
  const object = objects.get(key);
  if (object === undefined) throw new Error(`there is no ${key}`);
  objects.delete(key);
  return { kind: 'delete', ref: object.meta.ref };
}

/** What stands for all namespaces stays as it is. */
function hasNamespace({ meta }: SourceObject): boolean {
  return meta.ref.namespace !== '';
}

function inNamespace(object: SourceObject, namespace: string, random: Random): SourceObject {
  const all = Object.entries(object.meta.annotations);
  const first = random.below(Math.max(1, all.length - mostAnnotations + 1));
  const annotations = Object.fromEntries(all.slice(first, first + mostAnnotations));
  const meta = { ...object.meta, annotations, ref: { ...object.meta.ref, namespace } };
  // The groups of Endpoints say once more where they stand.
  if (object.kind !== 'Endpoints') return { ...object, meta };
  return { ...object, meta, groups: object.groups.map((group) => ({ ...group, meta })) };
}
