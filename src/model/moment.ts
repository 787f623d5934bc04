/** A moment on both clocks: what lasts is measured by the steady one, and told by the other one, which somebody may set. */
export interface Moment {
  /** Milliseconds of a clock that nobody sets. */
  readonly steady: number;
  /** Milliseconds since 1970. */
  readonly wall: number;
}
