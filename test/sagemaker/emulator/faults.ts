/** What goes wrong on purpose: with calls, by rules in order; with log lines, by rates. */
import { randomStream } from '../../../src/core/random.js'
import { ServiceError } from './service-error.js'

export type Service = 'sagemaker' | 'logs' | 's3'

export type Fault =
  /** The service's own way of saying "slower": ThrottlingException, or S3's SlowDown. */
  | { readonly kind: 'throttle' }
  /** A refusal with a code, e.g. ResourceLimitExceeded, AccessDeniedException. */
  | { readonly kind: 'refuse'; readonly code: string; readonly message?: string; readonly status?: number }
  /** The security token has run out. */
  | { readonly kind: 'expired' }
  /** Answered later, in seconds of the emulator's clock. */
  | { readonly kind: 'delay'; readonly seconds: number }
  /** The connection breaks, before the call has its effect or after. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** Something between answers, e.g. the login page of a network; the call has no effect. */
  | { readonly kind: 'foreign'; readonly status: number; readonly body: string }
  /** The call has its effect, and half of its answer arrives. */
  | { readonly kind: 'truncate' }
  /** The service breaks: 500 or 503. */
  | { readonly kind: 'broken'; readonly status: 500 | 503 }

export interface FaultRule {
  readonly service?: Service
  /** E.g. `CreateTrainingJob`; default all. */
  readonly operation?: string
  /** Calls to pass over first. Default 0. */
  readonly after?: number
  /** How many calls it strikes. Default 1, or all where there is a rate. */
  readonly times?: number
  /** Which part of the calls it strikes. Default 1. */
  readonly rate?: number
  readonly fault: Fault | readonly Fault[]
}

/** Rates per log line, 0 to 1. */
export interface LogFaults {
  /** Shown `lateSeconds` later than the others, so behind lines that were written after it. */
  readonly late?: number
  /** Default 1. */
  readonly lateSeconds?: number
  /** Delivered twice, as two events. */
  readonly twice?: number
  /** Gets the timestamp of a moment before, so that it stands before lines written earlier. */
  readonly reordered?: number
}

/** Which faults strike which calls. */
export class FaultPlan {
  readonly #rules: { readonly rule: FaultRule; seen: number; struck: number }[] = []
  readonly #chance

  constructor(rules: readonly FaultRule[], seed: number) {
    this.#chance = randomStream(`faults ${seed}`)
    this.add(...rules)
  }

  add(...rules: readonly FaultRule[]): void {
    this.#rules.push(...rules.map((rule) => ({ rule, seen: 0, struck: 0 })))
  }

  clear(): void {
    this.#rules.length = 0
  }

  /** The fault of a call, the first rule that strikes; undefined: none. */
  next(service: Service, operation: string): Fault | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry
      if ((rule.service ?? service) !== service || (rule.operation ?? operation) !== operation) continue
      if (entry.seen++ < (rule.after ?? 0)) continue
      if (entry.struck >= (rule.times ?? (rule.rate === undefined ? 1 : Infinity))) continue
      if (rule.rate !== undefined && this.#chance.uniform() >= rule.rate) continue
      entry.struck++
      const { fault } = rule
      return Array.isArray(fault) ? (fault as readonly Fault[])[this.#chance.int(fault.length)]! : (fault as Fault)
    }
    return undefined
  }
}

/** The answer of a fault that is an answer; undefined for delays, broken connections and what no service says. */
export function faultError(service: Service, fault: Fault): ServiceError | undefined {
  const s3 = service === 's3'
  switch (fault.kind) {
    case 'throttle':
      return s3
        ? new ServiceError('SlowDown', 'Please reduce your request rate.', 503)
        : new ServiceError('ThrottlingException', 'Rate exceeded')
    case 'expired':
      return s3
        ? new ServiceError('ExpiredToken', 'The provided token has expired.')
        : new ServiceError('ExpiredTokenException', 'The security token included in the request is expired')
    case 'refuse':
      return new ServiceError(fault.code, fault.message ?? `refused: ${fault.code}`, fault.status ?? (s3 ? 403 : 400))
    case 'broken':
      return fault.status === 500
        ? new ServiceError(s3 ? 'InternalError' : 'InternalFailure', 'We encountered an internal error.', 500)
        : new ServiceError('ServiceUnavailable', 'Service is unable to handle request.', 503)
    case 'delay':
    case 'drop':
    case 'foreign':
    case 'truncate':
      return undefined
  }
}

/** A part of all calls fails, in every way. */
export function chaos(rate: number): FaultRule {
  return {
    rate,
    fault: [
      { kind: 'throttle' },
      { kind: 'refuse', code: 'TooManyRequestsException', message: 'Too many requests', status: 429 },
      { kind: 'expired' },
      { kind: 'delay', seconds: 0.2 },
      { kind: 'drop', when: 'before' },
      { kind: 'drop', when: 'after' },
      { kind: 'broken', status: 500 },
      { kind: 'broken', status: 503 },
    ],
  }
}
