/** A condition of a status, as it is written. */
export interface ConditionRow {
  readonly type: string;
  readonly status: 'False' | 'True' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** A listener of a Gateway or a ListenerSet. */
export interface ListenerRow {
  readonly name: string;
  readonly protocol: string;
  /** As it is written, also where that is a placeholder. */
  readonly port: number;
  /** Empty: any host. */
  readonly hostname: string;
  /** EntryPoints and pool ports, such as `entryPoint web of fleet default`; none where it is not served. */
  readonly places: readonly string[];
  readonly attachedRoutes: number;
  /** The first 20 of them, as `Kind/namespace/name`. */
  readonly routes: readonly string[];
  readonly conditions: readonly ConditionRow[];
}

/** What an object of the Gateway API comes to. What the ledger says of pool ports stands with its ports and problems. */
export interface GatewayRow {
  readonly fleets: readonly string[];
  readonly conditions: readonly ConditionRow[];
  /** Of a Gateway and a ListenerSet: where clients reach it. */
  readonly addresses?: readonly string[];
  /** At most 64. */
  readonly listeners?: readonly ListenerRow[];
  /** Of a route and a policy: each of its parents that is ours, with the listeners that have accepted it. */
  readonly parents?: readonly {
    readonly parent: string;
    readonly listeners: readonly string[];
    readonly conditions: readonly ConditionRow[];
  }[];
}
