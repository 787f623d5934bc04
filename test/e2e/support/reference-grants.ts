import { kinds } from '../../../src/kinds/index.ts';
import type { Manifest } from './apiserver.ts';
import { toGatewayDefinition } from './gateway-definitions.ts';

/** The part of the Gateway API that moves read, as far as it is looked at; in the version that its first releases have. */
export const referenceGrants: Manifest = toGatewayDefinition(kinds.ReferenceGrant, ['v1beta1']);
