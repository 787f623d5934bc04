import type { HttpBackend } from '../routes/backend.ts';
import type { FleetSettings, Settings } from '../settings/settings.ts';
import type { Element } from './fragment.ts';

/** What the renderer needs to know besides the routes. */
export interface RenderContext {
  readonly fleet: FleetSettings;
  readonly priorities: Settings['ingress']['priorities'];
  /** The name of the source that goes without its name in keys. */
  readonly firstSource: string;
  /** The most bytes that one object may add to the document. */
  readonly mostBytes: number;
}

/** The rendering of one object for one fleet. */
export interface Rendering extends RenderContext {
  /** What has been made of its backends so far. */
  readonly backends: Map<HttpBackend, readonly Element[]>;
}
