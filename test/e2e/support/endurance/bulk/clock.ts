/** The clock of this process, which tells another time than that of the machine. Timers go on as they are. */
export interface Clock {
  /** So much time passes. */
  pass(ms: number): void;
  /** Somebody puts it forward, or back: `performance.now` goes on as it was. */
  jump(ms: number): void;
  /** The time that has really passed in this process, in milliseconds. */
  real(): number;
  restore(): void;
}

/** Takes the place of `Date` in this process, as far as it is asked for the time of now, and of `performance.now`. */
export function injectClock(): Clock {
  const Real = globalThis.Date;
  const real = performance.now.bind(performance);
  let offsetMs = 0;
  let passedMs = 0;
  performance.now = () => real() + passedMs;
  const now = (): number => Real.now() + offsetMs;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args: readonly unknown[]) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return {
    pass(ms) {
      offsetMs += ms;
      passedMs += ms;
    },
    jump(ms) {
      offsetMs += ms;
    },
    real,
    restore() {
      globalThis.Date = Real;
      performance.now = real;
    },
  };
}
