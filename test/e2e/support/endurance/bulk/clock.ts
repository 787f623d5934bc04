/** The clock of this process, which tells another time than that of the machine. `performance.now` and timers go on as they are. */
export interface Clock {
  /** Puts it forward, or back. */
  move(ms: number): void;
  /** How far it is from that of the machine, in milliseconds. */
  readonly offsetMs: number;
  restore(): void;
}

/** Takes the place of `Date` in this process, as far as it is asked for the time of now. */
export function injectClock(): Clock {
  const Real = globalThis.Date;
  let offsetMs = 0;
  const now = (): number => Real.now() + offsetMs;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args: readonly unknown[]) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return {
    move(ms) {
      offsetMs += ms;
    },
    get offsetMs() {
      return offsetMs;
    },
    restore() {
      globalThis.Date = Real;
    },
  };
}
