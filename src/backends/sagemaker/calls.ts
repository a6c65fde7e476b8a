/** One gate for all calls: limits their rate, retries what may succeed later, and tells the user. */
import { type FaultKind, ServiceFault, serviceFault } from './service-fault.js'
import type { ServiceCall, Services } from './services.js'
import { TokenBucket } from './token-bucket.js'

/**
 * Calls per second that are made at most, by call.
 *
 * - Published, per account and region ("CloudWatch Logs quotas" in the user guide of CloudWatch Logs): 25 a second for
 *   DescribeLogStreams and, in most regions, for GetLogEvents, 10 in some. A bucket that is full lets twice its rate through
 *   in one second, so half of the lowest is never exceeded.
 * - Published: S3 takes 3,500 writes and 5,500 reads a second per prefix ("Best practices design patterns").
 * - Guessed: for SageMaker's own calls no figures are published ("Amazon SageMaker endpoints and quotas" has those of
 *   instances only). These are on the careful side; calls that are throttled are repeated.
 */
export const RATES: Readonly<Record<ServiceCall, number>> = {
  createTrainingJob: 1,
  describeTrainingJob: 4,
  listTrainingJobs: 2,
  stopTrainingJob: 2,
  keepWarm: 1,
  describeLogStreams: 5,
  getLogEvents: 5,
  headObject: 20,
  putObject: 20,
  listObjects: 5,
  getObject: 50,
}

/** Seconds: the first back-off, doubled each time, and the longest. */
const FIRST_REST = 1
const LONGEST_REST = 60
/** The user is told of the same trouble once in so many seconds. */
const SAID_EVERY = 60

export interface CallsOptions {
  /** Makes the clients anew: after new credentials were put in place. Default: the old ones go on. */
  readonly renew?: () => Promise<Services>
  readonly onWarning?: (text: string) => void
  readonly rates?: Partial<Record<ServiceCall, number>>
  /** Seconds before the first retry; default 1. */
  readonly firstRest?: number
  /** Seconds on any clock. */
  readonly now?: () => number
  readonly sleep?: (seconds: number) => Promise<void>
  /** 0 <= number < 1 */
  readonly chance?: () => number
}

/** Kinds that get better by waiting. */
const PATIENT: ReadonlySet<FaultKind> = new Set(['throttle', 'transient', 'credentials'])

/**
 * Calls that are throttled, lost or refused for want of credentials are repeated until they succeed, after a random part
 * of 1, 2, 4, ... 60 seconds ("full jitter"; M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
 * Others fail with a {@link ServiceFault}.
 */
export class Calls {
  /** How often each call was made, retries included. */
  readonly made = new Map<ServiceCall, number>()
  /** How often calls failed, by kind. */
  readonly failed = new Map<FaultKind, number>()
  readonly #options: CallsOptions
  readonly #buckets = new Map<ServiceCall, TokenBucket>()
  readonly #said = new Map<string, number>()
  #services: Services
  #givenUp: ServiceFault | undefined

  constructor(services: Services, options: CallsOptions = {}) {
    this.#services = services
    this.#options = options
  }

  /** @throws ServiceFault for what waiting does not mend, or when nothing is waited for any more */
  async call<C extends ServiceCall>(
    name: C,
    ...input: Parameters<Services[C]>
  ): Promise<Awaited<ReturnType<Services[C]>>> {
    for (let attempt = 0; ; attempt++) {
      const fault = await this.once(name, ...input).then(
        (value) => ({ value }),
        (error: unknown) => ({ error: error as ServiceFault }),
      )
      if ('value' in fault) return fault.value
      const { error } = fault
      if (!PATIENT.has(error.kind) || this.#givenUp !== undefined) throw error
      this.#tell(error)
      const ceiling = Math.min(LONGEST_REST, (this.#options.firstRest ?? FIRST_REST) * 2 ** attempt)
      await this.#sleep(ceiling * (this.#options.chance ?? Math.random)())
      if (error.kind === 'credentials') await this.#renew()
    }
  }

  /** Makes a call when its turn has come, without a retry. @throws ServiceFault */
  async once<C extends ServiceCall>(
    name: C,
    ...input: Parameters<Services[C]>
  ): Promise<Awaited<ReturnType<Services[C]>>> {
    const wait = this.#bucket(name).take(this.#now())
    if (wait > 0) await this.#sleep(wait)
    this.made.set(name, (this.made.get(name) ?? 0) + 1)
    try {
      const made = this.#services[name] as (...args: Parameters<Services[C]>) => ReturnType<Services[C]>
      return await made(...input)
    } catch (error) {
      const fault = serviceFault(error, name)
      this.failed.set(fault.kind, (this.failed.get(fault.kind) ?? 0) + 1)
      throw fault
    }
  }

  /** From here on a call that fails is not repeated. */
  giveUp(): void {
    this.#givenUp = new ServiceFault('transient', 'given up', undefined)
  }

  #bucket(name: ServiceCall): TokenBucket {
    let bucket = this.#buckets.get(name)
    if (bucket === undefined) {
      const rate = this.#options.rates?.[name] ?? RATES[name]
      this.#buckets.set(name, (bucket = new TokenBucket(rate, Math.max(1, rate), this.#now())))
    }
    return bucket
  }

  async #renew(): Promise<void> {
    try {
      this.#services = (await this.#options.renew?.()) ?? this.#services
    } catch {
      // The old ones go on.
    }
  }

  #tell(fault: ServiceFault): void {
    // Throttling is everyday business.
    if (fault.kind === 'throttle') return
    const last = this.#said.get(fault.kind)
    if (last !== undefined && this.#now() - last < SAID_EVERY) return
    this.#said.set(fault.kind, this.#now())
    const cure =
      fault.kind === 'credentials' ? 'renew your credentials; the run waits and goes on by itself' : 'trying again'
    this.#options.onWarning?.(`${fault.message}; ${cure}`)
  }

  #now(): number {
    return (this.#options.now ?? (() => performance.now() / 1000))()
  }

  #sleep(seconds: number): Promise<void> {
    return (this.#options.sleep ?? sleep)(seconds)
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000)
  })
}
