import type { ConfigMap, Secret, Service } from '../model/objects.ts';
import type { Dialect } from '../settings/settings.ts';
import type { Parser } from './parsers.ts';
import type { Directives } from './directives.ts';

/** The kinds whose annotations are read. */
export type Annotated =
  | 'EndpointSlice'
  | 'Endpoints'
  | 'Gateway'
  | 'Ingress'
  | 'ListenerSet'
  | 'Service'
  | 'TCPRoute'
  | 'TLSRoute'
  | 'UDPRoute';

/** Each of them in a sentence. */
export const articles: Readonly<Record<Annotated, string>> = {
  EndpointSlice: 'an EndpointSlice',
  Endpoints: 'an Endpoints object',
  Gateway: 'a Gateway',
  Ingress: 'an Ingress',
  ListenerSet: 'a ListenerSet',
  Service: 'a Service',
  TCPRoute: 'a TCPRoute',
  TLSRoute: 'a TLSRoute',
  UDPRoute: 'a UDPRoute',
};

/**
 * `withhold`: the annotation limits access, so a value that cannot be used closes the route (503) in place of opening it.
 * `withhold-http`: the same of what is for HTTP alone; pool ports and SNI do without it, so they stay as they are.
 */
export type Withholding = 'withhold' | 'withhold-http';

/** One annotation key: what it takes, what a bad value does, and what the documentation says of it. */
export interface Annotation<T> {
  /** The whole key; of a port annotation its beginning, with a dot at the end. */
  readonly key: string;
  readonly on: readonly Annotated[];
  readonly parse: Parser<T>;
  /** Set for a list, which may be four times as long as `limits.annotation` says. */
  readonly isList?: true;
  readonly whenInvalid: 'use-default' | Withholding;
  /** What the value may be, in a few words. */
  readonly value: string;
  readonly example: string;
  /** One or two sentences: what it does. */
  readonly doc: string;
  /** Set: without this other annotation it has no effect. */
  readonly needs?: string;
  /** Set: its value may be what holds without it, which is no mistake: then it is carried with the one that it `needs`. */
  readonly mayBeDefault?: true;
  /** Set: it only tunes how another controller works inside, so that it is no problem where nothing carries it; `differs` says why. */
  readonly isTuning?: true;
  /** Set: it only switches on what others of its feature say more of, and has its effect with theirs. */
  readonly isSwitch?: true;
  /** Set where another controller's annotation is carried over and something is different all the same: one sentence that says what. */
  readonly differs?: string;
}

/** What a feature may know of the object besides its annotations. */
export interface FeatureContext {
  readonly on: Annotated;
  /** That of the object, which what it names has to be in as well. */
  readonly namespace: string;
  readonly dialect: Dialect;
  /** Whether the object asks for TLS by its spec. */
  readonly hasTls: boolean;
  /** What annotations may name: objects of the same namespace and source. A look-up is tracked like any other. */
  readonly lookUp: LookUp;
  /** Says that an annotation, by its name within the feature, cannot be carried out though it is well-formed. */
  readonly fault: (name: string, message: string, hint: string) => void;
  /** Says what of an annotation, by its name within the feature, is not carried out, while the rest of it is. */
  readonly inPart: (name: string, message: string, hint: string) => void;
}

/** Objects by name, of the namespace and source of the object whose annotations are read. */
export interface LookUp {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  service(name: string): Service | undefined;
  /** Why something that Traefik has from elsewhere, as `name@provider`, may not be named; undefined when it may. */
  reference(name: string): Refused | undefined;
  /** The certificate and key of a TLS Secret as they are sent, or why they cannot be. */
  clientCertificate(name: string): ClientCertificate | Refused;
  /** The authorities in `ca.crt` of a Secret, in PEM, or why they cannot be used. */
  authorities(name: string): { readonly certificates: string } | Refused;
  /**
   * Why Traefik must not be sent to a host, an address or a name, by the word of this object: it is none that its namespace may route
   * to either. The end of a sentence that begins with the host; undefined when nothing is against it.
   */
  forbidTarget(host: string): string | undefined;
}

/** Both in PEM. */
export interface ClientCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Why something that an annotation names cannot be used: a sentence to follow its name, and how to mend it. */
export interface Refused {
  readonly why: string;
  readonly hint: string;
}

type AnnotationSet = Readonly<Record<string, Annotation<unknown>>>;

/** A feature as the list holds it: with the types of its own values forgotten. */
export interface Feature {
  /** Kebab-case; the file is named after it. */
  readonly name: string;
  readonly annotations: AnnotationSet;
  /** Annotations whose keys end in a dot, and then in the name or number of a Service port. */
  readonly portAnnotations: AnnotationSet;
  /** Set for a feature that has something to say without any of its annotations. */
  readonly always: boolean;
  apply(values: Readonly<Record<string, unknown>>, context: FeatureContext): Directives;
}

/** What a feature's author writes: `V` are the values of its annotations, `P` those of its annotations of single ports. */
interface FeatureDeclaration<V, P> {
  readonly name: string;
  readonly annotations: { readonly [K in keyof V]: Annotation<V[K]> };
  readonly portAnnotations?: { readonly [K in keyof P]: Annotation<P[K]> };
  readonly always?: boolean;
  /** Pure. Gets the values that were given and are valid; of a port annotation a map from the end of the key to the value. */
  apply(
    values: { readonly [K in keyof V]?: V[K] } & { readonly [K in keyof P]?: ReadonlyMap<string, P[K]> },
    context: FeatureContext,
  ): Directives;
}

/** Declares a feature: annotations with typed values, and the pure function that turns them into directives. */
export function defineFeature<
  V extends Record<string, unknown>,
  P extends Record<string, unknown> = Record<string, never>,
>(feature: FeatureDeclaration<V, P>): Feature {
  return {
    name: feature.name,
    annotations: feature.annotations,
    portAnnotations: feature.portAnnotations ?? {},
    always: feature.always ?? false,
    // The reader puts under each name what that annotation's own parser returned, so the types are those declared.
    apply: (values, context) => feature.apply(values as Parameters<typeof feature.apply>[0], context),
  };
}
