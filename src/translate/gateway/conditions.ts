import { toMessage } from '../../model/message.ts';
import type { Condition } from '../../routes/status.ts';
import type { Refusal } from './resolved.ts';

/** A condition of a status: False for what is refused, else as it should be. */
export function toCondition(
  type: string,
  refusal: Refusal | undefined,
  otherwise: Pick<Condition, 'message' | 'reason'>,
): Condition {
  if (refusal === undefined) return { type, status: 'True', ...otherwise };
  return { type, status: 'False', reason: refusal.reason, message: toSentences(refusal) };
}

/** What is wrong, and how to mend it. */
export function toSentences({ message, hint }: Refusal): string {
  return `${toMessage(message)}. ${hint}`;
}
