import type { FleetSettings, Settings } from '../settings/settings.ts';

/** What the renderer needs to know besides the routes. */
export interface RenderContext {
  readonly fleet: FleetSettings;
  readonly priorities: Settings['ingress']['priorities'];
  /** The name of the source that goes without its name in keys. */
  readonly firstSource: string;
  /** The most bytes that one object may add to the document. */
  readonly mostBytes: number;
}
