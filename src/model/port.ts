declare const port: unique symbol;
/** A TCP or UDP port number, 1 to 65535. */
export type Port = number & { readonly [port]: true };

/** The protocols that a pool port can carry. */
export type PoolProtocol = 'tcp' | 'udp';

export function isPort(value: number): value is Port {
  return Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** An inclusive range of ports. */
export interface PortRange {
  readonly from: Port;
  readonly to: Port;
}

export function inRange(range: PortRange, value: number): boolean {
  return value >= range.from && value <= range.to;
}
