/** The controllers that one can come from. */
export type Origin = 'ingress-nginx' | 'traefik';

/** One thing that is not as it was: an annotation by its key, else a field or what the object asks for. */
export interface Finding {
  readonly what: string;
  /** One sentence. */
  readonly says: string;
  /** How to mend it; absent where there is nothing to mend. */
  readonly hint?: string;
}

/** `loses`: something that it asks for is not carried out. `not-routed`: it becomes nothing. */
export type MigrationVerdict = 'differs' | 'loses' | 'not-routed' | 'same';

/** What becomes of one Ingress, or of one Service with annotations of the controller. */
export interface MigratedObject {
  /** `Ingress/namespace/name`. */
  readonly object: string;
  readonly source: string;
  readonly verdict: MigrationVerdict;
  /** How many routers it becomes. */
  readonly routers: number;
  readonly lost: readonly Finding[];
  readonly differs: readonly Finding[];
  /** What was broken before as well, and what is worth knowing. */
  readonly notes: readonly Finding[];
}

/** How an annotation fares in all objects together. */
export interface MigratedAnnotation {
  readonly key: string;
  readonly same: number;
  readonly differs: number;
  readonly lost: number;
  /** How it differs, or why it is lost: of the first object of which that is so. */
  readonly says: string;
  readonly hint: string;
}

/** A port of the TCP or UDP services. */
export interface MigratedPort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** The Service that it leads to. */
  readonly service: string;
  readonly source: string;
}

/** A setting of the controller as a whole. */
export interface MigratedSetting {
  readonly key: string;
  /** Where it stands: `ConfigMap/namespace/name`. */
  readonly place: string;
  /** `same`: nothing is to be done. `set`: it is set elsewhere. `lost`: there is no way. `unknown`: nobody here knows it. */
  readonly fate: 'lost' | 'same' | 'set' | 'unknown';
  readonly says: string;
}

/** What the class `fairlead` would do otherwise than the dialect of the controller. */
export interface Improvement {
  readonly says: string;
  readonly objects: number;
  /** One of them, with what it is by the dialect and what it would be. */
  readonly example: { readonly object: string; readonly now: string; readonly otherwise: string };
}

/** Annotations that are neither ours nor of the controller. */
export interface ForeignAnnotations {
  readonly prefix: string;
  readonly objects: number;
  readonly says: string;
}

/** What would become of a cluster. */
export interface Migration {
  readonly from: Origin;
  readonly totals: Readonly<Record<MigrationVerdict | 'objects', number>>;
  /** In the order of source, namespace and name. */
  readonly objects: readonly MigratedObject[];
  /** Those that differ or are lost first. */
  readonly annotations: readonly MigratedAnnotation[];
  readonly ports: readonly MigratedPort[];
  /** What is wrong with imports, one sentence each. */
  readonly portProblems: readonly Finding[];
  readonly settings: readonly MigratedSetting[];
  readonly improvements: readonly Improvement[];
  readonly foreign: readonly ForeignAnnotations[];
  /** Ingresses that are of another controller and stay with it: how many of which class. */
  readonly others: readonly { readonly ingressClass: string; readonly count: number }[];
  /** What cannot be seen from the objects, and has to be looked up. */
  readonly unseen: readonly string[];
}
