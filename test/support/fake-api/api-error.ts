/** An answer that is no success, as the API server words it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** The body. */
  toStatus(): object {
    const { code, reason, message } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  }
}

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** The error that a fault stands for. */
export function toApiError(code: number, message = 'a fault was asked for'): ApiError {
  return new ApiError(code, reasons[code] ?? '', message);
}

export const notFound = (what: string): ApiError => new ApiError(404, 'NotFound', `${what} not found`);

/** The version that a list or watch goes on from has been forgotten. */
export const expired = (): ApiError =>
  new ApiError(410, 'Expired', 'The resourceVersion for the provided watch or list is too old.');
