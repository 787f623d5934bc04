import type { Report } from '../../model/problem.ts';
import type { Condition, ParentStatus, StatusFacts } from '../../routes/status.ts';
import type { Attachment } from './attach.ts';
import { toCondition, toSentences } from './conditions.ts';
import type { Refusal } from './resolved.ts';

/** What is wrong with a route wherever it is attached. */
export interface RouteRefusals {
  /** Why it is not accepted anywhere. */
  readonly accepted?: Refusal | undefined;
  /** Why not all that it names can be used. */
  readonly resolvedRefs?: Refusal | undefined;
  /** Why some of its rules are left out. */
  readonly partiallyInvalid?: Refusal | undefined;
}

/** Reports each parent that a route is not attached to. */
export function reportAttachments(attachments: readonly Attachment[], report: Report): void {
  for (const { parentRef, refusal } of attachments) {
    if (refusal === undefined) continue;
    const { message, hint } = refusal;
    report('gateway-route-refused', { field: parentRef.field, message, hint });
  }
}

/** What the status of a route is to say: one entry for each parent of ours. */
export function toRouteStatus(
  attachments: readonly Attachment[],
  refusals: RouteRefusals,
): StatusFacts & { readonly of: 'Route' } {
  return { of: 'Route', parents: attachments.map((each) => toParentStatus(each, refusals)) };
}

function toParentStatus(
  { parentRef, listeners, refusal }: Attachment,
  { accepted, resolvedRefs, partiallyInvalid }: RouteRefusals,
): ParentStatus {
  // What is wrong with the parent comes first: without it nothing else matters.
  const why = refusal ?? accepted;
  const conditions: Condition[] = [
    toCondition('Accepted', why, { reason: 'Accepted', message: 'The route is attached' }),
    toCondition('ResolvedRefs', resolvedRefs, {
      reason: 'ResolvedRefs',
      message: 'All that the route names is there',
    }),
  ];
  if (why === undefined && partiallyInvalid !== undefined)
    conditions.push({
      type: 'PartiallyInvalid',
      status: 'True',
      reason: partiallyInvalid.reason,
      message: toSentences(partiallyInvalid),
    });
  const attached = why === undefined ? listeners.map(({ listener }) => listener.key) : [];
  return { parentRef, conditions, attached };
}
