import { readyPath } from '../traefik/ready-path.ts';
import { path } from '../traefik/rule.ts';
import type { FleetSettings } from '../settings/settings.ts';
import { toFragment, type Fragment } from './fragment.ts';

/**
 * A router that is there as soon as Traefik has applied an answer: before, `/ready` is 404, so that no load balancer sends requests to
 * one that has no routes yet. No object's key lacks a `_`, and none names this entryPoint.
 */
export function toReadyFragments({ entryPoints }: Pick<FleetSettings, 'entryPoints'>): readonly Fragment[] {
  if (entryPoints.ready === undefined) return [];
  const value = {
    entryPoints: [entryPoints.ready],
    rule: path(readyPath),
    ruleSyntax: 'default',
    service: 'ping@internal',
  } as const;
  return [toFragment({ section: 'http.routers', key: 'ready', value }, value)];
}
