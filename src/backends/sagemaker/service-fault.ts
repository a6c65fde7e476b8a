/** What went wrong with a call, as far as it decides what to do next. */
import { messageOf } from '../../core/errors.js'
import { hidden } from './secrets.js'

/**
 * - `throttle`, `transient`: the same call may succeed later (too many calls; a fault of the service or the network)
 * - `certificate`: the other side of the connection is not who it should be, e.g. a proxy that opens connections
 * - `credentials`: expired, missing or not accepted: the user must renew them
 * - `limit`: an account's quota, e.g. of instances; `capacity`: the service has no machine left
 * - `exists`, `gone`: the thing that is made exists, the thing that is asked for does not
 * - `denied`: the role lacks a permission; where it was granted a moment ago that gets better by itself
 * - `invalid`: the request is wrong, which does not
 */
export type FaultKind =
  | 'throttle'
  | 'transient'
  | 'certificate'
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
    /^(TimeoutError|RequestTimeout(Exception)?|InternalFailure|InternalError|InternalServer(Error|Exception)?|ServiceUnavailable(Exception)?|NetworkingError|ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|HPE_.*)$/,
  // Sources: Node's documentation of `tls`, "X509 certificate error codes", and of `errors`, ERR_TLS_*.
  certificate:
    /^(CERT_.*|ERR_TLS_CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)_.*|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)$/,
}

/** Statuses that no service gives without a name: those of something between, e.g. a proxy or the login page of a network. */
const FOREIGN_STATUSES: ReadonlySet<number> = new Set([302, 303, 307, 308, 404, 407])

interface Foreign {
  readonly name?: unknown
  readonly code?: unknown
  readonly message?: unknown
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $retryable?: { readonly throttling?: boolean }
}

/**
 * Says of what kind an error of the SDK or of the network is.
 *
 * @param secrets are not to be read in its message, e.g. what a request had in it that the service may quote
 */
export function serviceFault(error: unknown, call: string, secrets: readonly string[] = []): ServiceFault {
  if (error instanceof ServiceFault) return error
  const { name, code, message, $metadata, $retryable } = (error ?? {}) as Foreign
  const names = [name, code].filter((one) => typeof one === 'string')
  const text = typeof message === 'string' && message !== '' ? message : messageOf(error)
  const said = names.find((one) => one !== 'Error') ?? 'error'
  const fault = (kind: FaultKind): ServiceFault =>
    new ServiceFault(kind, `${call}: ${said}: ${sayable(text, secrets)}`, error)
  const status = $metadata?.httpStatusCode ?? 0
  // The SDK says so of answers that are not of the service, or not whole; it quotes them, whatever stands there.
  if (said === 'SyntaxError' || text.includes('Deserialization error'))
    return new ServiceFault('transient', `${call}: an answer that cannot be read (status ${status})`, error)
  if ($retryable?.throttling === true) return fault('throttle')
  for (const [kind, pattern] of Object.entries(NAMES) as [FaultKind, RegExp][])
    if (names.some((one) => pattern.test(one))) return fault(kind)
  // DescribeTrainingJob and StopTrainingJob answer ValidationException for a job that is not there.
  if (names.includes('ValidationException') && /not found|does not exist|could not find/i.test(text))
    return fault('gone')
  if (status === 429) return fault('throttle')
  if (status >= 500 || status === 407 || (status >= 200 && status < 300)) return fault('transient')
  if (FOREIGN_STATUSES.has(status) && (said === 'Unknown' || said === 'UnknownError' || said === 'error'))
    return new ServiceFault('transient', `${call}: an answer that is not of AWS (status ${status})`, error)
  if (status === 403) return fault('denied')
  // A call without an answer never reached the service or lost its answer.
  if (status === 0 && error instanceof Error && 'errno' in error) return fault('transient')
  return fault('invalid')
}

/** One line, without what is secret: a signature that is not accepted is answered with the whole request and its token. */
function sayable(text: string, secrets: readonly string[]): string {
  return hidden(text.replace(/\s*(The )?(Canonical String|String-to-Sign)\b.*$/is, ''), secrets)
}
