import { networkInterfaces } from 'node:os';

export { findFreePort } from '../../../src/lib/free-port.ts';

/** The launcher sets it for what runs inside the private network. */
export const PRIVATE_NETWORK_VARIABLE = 'FAIRLEAD_E2E_PRIVATE_NETWORK';

/** Whether every address is an address of this machine: inside the namespace made by `runInPrivateNetwork`. */
export function isPrivateNetwork(): boolean {
  const onlyLoopback = Object.keys(networkInterfaces()).every((name) => name === 'lo');
  return process.env[PRIVATE_NETWORK_VARIABLE] === '1' && onlyLoopback;
}

/** Throws outside the private network, where the addresses of the scenarios may be somebody else's machines. */
export function requirePrivateNetwork(): void {
  if (isPrivateNetwork()) return;
  throw new Error('These tests need a network of their own: run them by `node test/e2e/run.mjs`.');
}

/** Throws when a packet to this address could leave the machine. */
export function requireLocalAddress(address: string): void {
  if (address.startsWith('127.') || address === '::1' || isPrivateNetwork()) return;
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  if (own.some((one) => one.address === address)) return;
  throw new Error(
    `${address} is not an address of this machine: run the tests by \`node test/e2e/run.mjs\`.`,
  );
}

/** An IPv4 address of this machine other than loopback; throws where there is none. */
export function findOwnAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const own = all.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (own === undefined) throw new Error('This machine has no IPv4 address but loopback.');
  return own.address;
}
