import type { PoolProtocol, Port, PortRange } from '../../model/port.ts';
import type { LedgerEntry } from '../../model/ports.ts';

/** Somebody else has the one port that would do. */
export interface Blocked {
  readonly kind: 'blocked';
  readonly port: Port;
  readonly protocol: PoolProtocol;
  /** Held, or cooling down after another Service. */
  readonly by: LedgerEntry;
  /** When the port is free, in milliseconds since 1970; null while it is held. */
  readonly until: number | null;
}

/** Why a claim cannot have what it asks for. */
export type Refusal =
  | {
      readonly kind: 'outside-pool';
      readonly port: Port;
      readonly protocol: PoolProtocol;
      readonly range: PortRange;
    }
  | { readonly kind: 'outside-band'; readonly port: Port; readonly band: PortRange }
  | {
      readonly kind: 'bank-closed';
      readonly port: Port;
      readonly bank: number;
    }
  | Blocked
  | {
      readonly kind: 'quota';
      readonly max: number;
      /** How many more are asked for at once. */
      readonly more: number;
      /** What the namespace is charged with. */
      readonly held: number;
      readonly cooling: number;
      /** When it is charged with less than it may have, in milliseconds since 1970; null when it has to give something back. */
      readonly until: number | null;
    }
  | {
      readonly kind: 'moved-often';
      /** Null: any port of another pool. */
      readonly port: Port | null;
      /** How many ports that the claim gave back are still cooling down. */
      readonly cooling: number;
      /** When the first of them has cooled down, in milliseconds since 1970. */
      readonly until: number;
    }
  | {
      /** The one place in a run of consecutive ports is not free. */
      readonly kind: 'beside';
      readonly port: number;
      readonly because:
        | Blocked
        | { readonly kind: 'outside' }
        /** It is of the ports that may be requested and the run is not, or the other way round. */
        | { readonly kind: 'other-band'; readonly band: PortRange | null };
      /** When the port is free, in milliseconds since 1970; null when it does not become so by itself. */
      readonly until: number | null;
    }
  | {
      /** It asks for a number that does not go with that of another port of its run. */
      readonly kind: 'uneven';
      readonly port: Port;
      readonly expected: Port;
    }
  | {
      readonly kind: 'no-run';
      readonly servicePorts: readonly number[];
      readonly protocols: readonly PoolProtocol[];
      /** How many ports the longest free run has. */
      readonly longest: number;
      /** When a port that cools down comes to be free, in milliseconds since 1970; null when there is none. */
      readonly until: number | null;
    }
  | {
      readonly kind: 'exhausted';
      readonly protocols: readonly PoolProtocol[];
      /** When a port that cools down comes to be free, in milliseconds since 1970; null when there is none. */
      readonly until: number | null;
    };
