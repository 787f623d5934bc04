import type { PoolProtocol, Port, PortRange } from '../../model/port.ts';
import type { LedgerEntry } from '../../model/ports.ts';

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
      readonly kind: 'blocked';
      readonly port: Port;
      readonly protocol: PoolProtocol;
      /** Held, or cooling down after another Service. */
      readonly by: LedgerEntry;
      /** When the port is free, in milliseconds since 1970; null while it is held. */
      readonly until: number | null;
    }
  | { readonly kind: 'quota'; readonly max: number }
  | {
      readonly kind: 'exhausted';
      readonly protocols: readonly PoolProtocol[];
      /** When a port that cools down comes to be free, in milliseconds since 1970; null when there is none. */
      readonly until: number | null;
    };
