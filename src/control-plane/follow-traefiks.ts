import { toDocumentOf } from '../ports/document-of.ts';
import type { Settings } from '../settings/settings.ts';
import { Announcements, type AnnouncementOptions } from './announcements.ts';
import type { Publisher } from './publisher.ts';
import { TraefikWatch } from './traefik-watch.ts';

export interface FollowOptions extends Pick<AnnouncementOptions, 'released'> {
  readonly settings: Settings;
  readonly published: Publisher;
  /** What the Traefiks say has changed. */
  readonly changed: () => void;
}

/** Who asks the Traefiks, and who announces ports by what they say. */
export function followTraefiks({ settings, published, changed, released }: FollowOptions): {
  readonly traefiks: TraefikWatch;
  readonly announcements: Announcements;
} {
  const { fleets, writeBack } = settings;
  const traefiks = new TraefikWatch({
    fleets,
    published,
    changed: () => {
      announcements.look();
      changed();
    },
  });
  const announcements = new Announcements({
    published,
    documentOf: (held) => toDocumentOf(fleets, held),
    afterMs: writeBack.announceAfterMs,
    served: (held, document, sequence) => traefiks.serves(held, document, sequence),
    released,
  });
  return { traefiks, announcements };
}
