import * as z from 'zod';
import { parseController } from './names.ts';
import { described, textAs } from './schema-parts.ts';

/** Section `gateway`. */
export const gatewaySchema = described(
  z
    .strictObject({
      controller: described(textAs(parseController).prefault('fairlead.dev/gateway-controller'), {
        description:
          'The `spec.controllerName` of the GatewayClasses that are served. Two Fairleads that read one cluster need different ones, or both write to the same status.',
        type: 'domain and path',
      }),
    })
    .prefault({}),
  { description: 'The Gateway API.', example: '{controller: fairlead.dev/gateway-controller}' },
);
