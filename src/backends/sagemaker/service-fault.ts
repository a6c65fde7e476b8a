/** What went wrong with a call, as far as it decides what to do next. */
import { messageOf } from '../../core/errors.js'

/**
 * - `throttle`, `transient`: the same call may succeed later (too many calls; a fault of the service or the network)
 * - `credentials`: expired, missing or not accepted: the user must renew them
 * - `limit`: an account's quota, e.g. of instances; `capacity`: the service has no machine left
 * - `exists`, `gone`: the thing that is made exists, the thing that is asked for does not
 * - `denied`: the role lacks a permission; `invalid`: the request is wrong. Neither gets better by itself
 */
export type FaultKind =
  | 'throttle'
  | 'transient'
  | 'credentials'
  | 'limit'
  | 'capacity'
  | 'exists'
  | 'gone'
  | 'denied'
  | 'invalid'

/** A call that failed. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault'
  constructor(
    readonly kind: FaultKind,
    message: string,
    cause: unknown,
  ) {
    super(message, { cause })
  }
}

/** Names of errors as the services give them. Sources: the "Errors" sections of their API references, "Common Errors". */
const NAMES: Readonly<Partial<Record<FaultKind, RegExp>>> = {
  throttle:
    /^(Throttling|ThrottlingException|TooManyRequestsException|RequestLimitExceeded|RequestThrottled.*|SlowDown)$/,
  credentials:
    /^(ExpiredToken.*|CredentialsProviderError|TokenProviderError|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|TokenRefreshRequired|InvalidSignatureException|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed|IncompleteSignature|MissingAuthenticationToken.*|AuthFailure)$/,
  limit: /^(ResourceLimitExceeded|LimitExceededException)$/,
  capacity: /Capacity/,
  exists: /^(ResourceInUse|ConflictException)$/,
  gone: /^(ResourceNotFound(Exception)?|NotFound|NoSuchKey|NoSuchBucket)$/,
  denied: /^(AccessDenied(Exception)?|Forbidden|NotAuthorized)$/,
  transient:
    /^(TimeoutError|RequestTimeout(Exception)?|InternalFailure|InternalError|InternalServer(Error|Exception)?|ServiceUnavailable(Exception)?|NetworkingError|ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE)$/,
}

interface Foreign {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $retryable?: { readonly throttling?: boolean }
}

/** Says of what kind an error of the SDK or of the network is. */
export function serviceFault(error: unknown, call: string): ServiceFault {
  if (error instanceof ServiceFault) return error
  const { name, code, message, $metadata, $retryable } = (error ?? {}) as Foreign
  const names = [name, code].filter((one) => typeof one === 'string')
  const text = typeof message === 'string' && message !== '' ? message : messageOf(error)
  const said = names.find((one) => one !== 'Error') ?? 'error'
  const fault = (kind: FaultKind): ServiceFault => new ServiceFault(kind, `${call}: ${said}: ${text}`, error)
  if ($retryable?.throttling === true) return fault('throttle')
  for (const [kind, pattern] of Object.entries(NAMES) as [FaultKind, RegExp][])
    if (names.some((one) => pattern.test(one))) return fault(kind)
  // DescribeTrainingJob and StopTrainingJob answer ValidationException for a job that is not there.
  if (names.includes('ValidationException') && /not found|does not exist|could not find/i.test(text))
    return fault('gone')
  const status = $metadata?.httpStatusCode ?? 0
  if (status === 429) return fault('throttle')
  if (status >= 500) return fault('transient')
  if (status === 403) return fault('denied')
  // A call without an answer never reached the service or lost its answer.
  if (status === 0 && error instanceof Error && 'errno' in error) return fault('transient')
  return fault('invalid')
}
