/**
 * What is known of one bank of a fleet: the ports of one Traefik process. `wanted`: to be opened, and no port of it is handed out
 * before it is `open`. `closing`: no port of it is needed any more. `closed`: not wanted yet.
 */
export interface BankStatus {
  /** From 0, which also has HTTP. */
  readonly bank: number;
  readonly state: 'open' | 'wanted' | 'closed' | 'closing';
}

export interface BankView {
  /** In the order of their numbers; bank 0 is always there and open. Empty for a fleet that is not configured. */
  banks(fleet: string): readonly BankStatus[];
}
