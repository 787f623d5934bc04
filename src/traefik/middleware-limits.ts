import { z } from 'zod';
import {
  certificatePem,
  count,
  duration,
  headerName,
  item,
  keyPem,
  limit,
  listOf,
  network,
  positive,
  some,
  someDuration,
  statusCode,
  statusRange,
} from './values.ts';

/** `depth: 0` alone means the address of the peer. */
const ipStrategy = some({
  depth: count.optional(),
  excludedIPs: listOf(network).optional(),
  ipv6Subnet: z.int().min(0).max(128).optional(),
});

const sourceCriterion = some({
  ipStrategy: ipStrategy.optional(),
  requestHeaderName: headerName.optional(),
  requestHost: z.boolean().optional(),
}).refine(
  (by) => Object.keys(by).length === 1,
  'needs exactly one of ipStrategy, requestHeaderName and requestHost',
);

/** Never without a range: Traefik disables every router that names an empty allow-list. */
export const ipAllowList = z.strictObject({
  sourceRange: listOf(network),
  ipStrategy: ipStrategy.optional(),
  rejectStatusCode: statusCode.optional(),
});

/** What Traefik needs to call another server over TLS. */
export const clientTls = some({
  ca: certificatePem.optional(),
  cert: certificatePem.optional(),
  key: keyPem.optional(),
  insecureSkipVerify: z.boolean().optional(),
});

const redis = z.strictObject({
  endpoints: listOf(item),
  tls: clientTls.optional(),
  username: item.optional(),
  password: item.optional(),
  db: count.optional(),
  poolSize: count.optional(),
  minIdleConns: count.optional(),
  maxActiveConns: count.optional(),
  readTimeout: duration.optional(),
  writeTimeout: duration.optional(),
  dialTimeout: duration.optional(),
});

export const rateLimit = z.strictObject({
  /** 0 is no limit. */
  average: count,
  period: someDuration.optional(),
  burst: positive.optional(),
  sourceCriterion: sourceCriterion.optional(),
  redis: redis.optional(),
});

export const inFlightReq = z.strictObject({ amount: positive, sourceCriterion: sourceCriterion.optional() });

const comparison = String.raw`[A-Za-z]{1,40}\((?:[\d.]{1,10}(?:, ?[\d.]{1,10}){0,4})?\) ?(?:<|<=|>|>=|==|!=) ?(?:[\d.]{1,10}|"[A-Z]{1,10}")`;
const predicate = String.raw`(?:${comparison}|IsNetworkError\(\))`;
/** Comparisons joined by `&&` and `||`, without brackets: enough for what there is to ask. */
const expression = z
  .string()
  .regex(new RegExp(`^${predicate}(?: ?(?:&&|[|][|]) ?${predicate}){0,9}$`), 'is no expression');

export const buffering = some({
  maxRequestBodyBytes: count.optional(),
  memRequestBodyBytes: count.optional(),
  maxResponseBodyBytes: count.optional(),
  memResponseBodyBytes: count.optional(),
  retryExpression: expression.optional(),
});

export const retry = z
  .strictObject({
    attempts: positive,
    timeout: duration.optional(),
    initialInterval: duration.optional(),
    maxRequestBodyBytes: limit.optional(),
    status: listOf(statusRange).optional(),
    disableRetryOnNetworkError: z.boolean().optional(),
    retryNonIdempotentMethod: z.boolean().optional(),
  })
  .refine(
    (value) => value.disableRetryOnNetworkError !== true || value.status !== undefined,
    'has nothing to retry on',
  );

export const circuitBreaker = z.strictObject({
  expression,
  checkPeriod: someDuration.optional(),
  fallbackDuration: someDuration.optional(),
  recoveryDuration: someDuration.optional(),
  responseCode: statusCode.optional(),
});
