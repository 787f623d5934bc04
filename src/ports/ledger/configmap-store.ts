import { createHash } from 'node:crypto';

import { fieldManager } from '../../model/field-manager.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import { KubeError } from '../../kubernetes/kube-error.ts';
import { isObject, type RawObject } from '../../lib/raw-object.ts';
import { partsKey, textKey, type HeadData, type Part } from './configmap-document.ts';
import { absentVersion } from './ledger.ts';

/** A ConfigMap as it was read. */
export interface StoredConfigMap {
  readonly name: string;
  readonly version: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
const ledgerLabel = 'fairlead.dev/ledger';
const baseAnnotation = 'fairlead.dev/ledger-base';
const timeoutMs = 10_000;

const about =
  'Who holds which port of the pools. Written by Fairlead. To change it by hand, stop Fairlead, edit the entries and remove the line with the checksum.';

/** The ConfigMaps of one ledger. Everything rejects with a `KubeError`, but for what is absent. */
export class ConfigMapStore {
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #name: string;
  readonly #labels: Readonly<Record<string, string>>;

  constructor(client: KubeClient, namespace: string, name: string) {
    this.#client = client;
    this.#namespace = namespace;
    this.#name = name;
    // A label holds 63 characters, a name 253.
    const label = name.length <= 63 ? name : createHash('sha256').update(name).digest('hex').slice(0, 32);
    this.#labels = { [ledgerLabel]: label };
  }

  /** Undefined when it is not there. */
  async read(name: string = this.#name): Promise<StoredConfigMap | undefined> {
    try {
      return toStoredConfigMap(await this.#client.getJson(this.#toPath(name), { timeoutMs }));
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  }

  /**
   * Replaces the data of the ConfigMap if it still has the version `base`, or creates it if that is `absentVersion`;
   * undefined when somebody else came first. What others wrote into its metadata stays.
   */
  async swap(base: string, data: HeadData): Promise<StoredConfigMap | undefined> {
    const options = { timeoutMs, query: { fieldManager } };
    const metadata = { labels: this.#labels, annotations: { 'fairlead.dev/about': about } };
    try {
      if (base === absentVersion) {
        const present = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
        const head = { ...configMap, metadata: { ...metadata, name: this.#name }, data: present };
        return toStoredConfigMap(await this.#client.create(this.#toPath(), head, options));
      }
      const patch = { metadata: { ...metadata, resourceVersion: base }, data };
      return toStoredConfigMap(await this.#client.patch(this.#toPath(this.#name), patch, options));
    } catch (error) {
      const isDeleted = hasStatus(error, 404) && base !== absentVersion;
      if (isDeleted || hasStatus(error, 409)) return undefined;
      throw error;
    }
  }

  /** Stores a part that no ConfigMap names yet, for the attempt to replace the version `base`. */
  async writePart({ name, text }: Part, base: string): Promise<void> {
    const metadata = { name, labels: this.#labels, annotations: { [baseAnnotation]: base } };
    const part = { ...configMap, metadata, data: { [textKey]: text } };
    const options = { timeoutMs, query: { fieldManager } };
    try {
      await this.#client.create(this.#toPath(), part, options);
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      // Left by an attempt whose answer was lost.
      await this.#client.replace(this.#toPath(name), part, options);
    }
  }

  /**
   * Deletes the parts that nobody can need any more: not named now, and made to replace a version that is not the present
   * one, so that the attempt they belong to cannot succeed. That holds whoever else writes at the same time.
   */
  async removeOrphans(): Promise<void> {
    const found: StoredConfigMap[] = [];
    const labelSelector = Object.entries(this.#labels)
      .map((pair) => pair.join('='))
      .join();
    await this.#client.list(
      this.#toPath(),
      (items) =>
        found.push(...items.filter(isObject).map((item) => ({ ...toStoredConfigMap(item), data: {} }))),
      // Few at a time: a part may have several hundred kilobytes.
      { query: { labelSelector }, limit: 20, timeoutMs },
    );
    // Read after the list: what is in the list and not named now has missed its chance.
    const head = await this.read();
    const named = new Set((head?.data[partsKey] ?? '').split(/\s+/));
    for (const { name, annotations } of found) {
      const base = annotations[baseAnnotation];
      if (base === undefined || base === (head?.version ?? absentVersion) || named.has(name)) continue;
      await this.#client.delete(this.#toPath(name), { timeoutMs }).catch((error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
      });
    }
  }

  #toPath(name?: string): string {
    const collection = `/api/v1/namespaces/${this.#namespace}/configmaps`;
    return name === undefined ? collection : `${collection}/${name}`;
  }
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof KubeError && error.status === status;
}

function toStoredConfigMap(raw: RawObject): StoredConfigMap {
  const metadata = isObject(raw['metadata']) ? raw['metadata'] : {};
  const { name, resourceVersion } = metadata;
  return {
    name: toText(name),
    version: toText(resourceVersion),
    annotations: toTexts(metadata['annotations']),
    data: toTexts(raw['data']),
  };
}

function toTexts(raw: unknown): Readonly<Record<string, string>> {
  return isObject(raw)
    ? Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, toText(value)]))
    : {};
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
