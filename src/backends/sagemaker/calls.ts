/** One gate for all calls: limits their rate, retries what may succeed later, and tells the user. */
import { type FaultKind, type ServiceFault, serviceFault } from './service-fault.js'
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
/**
 * Seconds for which a run repeats what its role may not do: changes of IAM are not visible everywhere at once ("Troubleshoot
 * IAM", "Changes that I make are not always immediately visible").
 */
const DENIED_SECONDS = 120

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
const PATIENT: ReadonlySet<FaultKind> = new Set(['throttle', 'transient', 'certificate', 'credentials'])

/** What is told with a fault that is waited for. */
const CURES: Readonly<Partial<Record<FaultKind, string>>> = {
  credentials: 'renew your credentials; the run waits and goes on by itself',
  certificate:
    'it should be that of AWS: is there a proxy that opens connections? NODE_EXTRA_CA_CERTS names its; trying again',
  denied: 'permissions that were just given take a while to be known everywhere; trying again for two minutes',
}

/** What all that use one gate have in common. */
interface Gate {
  services: Services
  readonly made: Map<ServiceCall, number>
  readonly failed: Map<FaultKind, number>
  readonly buckets: Map<ServiceCall, TokenBucket>
  /** When the user was told of a trouble. */
  readonly said: Map<string, number>
  /** Since when a call is denied, every time. */
  readonly deniedSince: Map<ServiceCall, number>
}

/**
 * Calls that are throttled, lost or refused for want of credentials are repeated until they succeed, after a random part
 * of 1, 2, 4, ... 60 seconds ("full jitter"; M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
 * Others fail with a {@link ServiceFault}; a run repeats for two minutes what it is denied.
 */
export class Calls {
  readonly #options: CallsOptions
  #gate: Gate
  #deniedSeconds = 0
  #givenUp = false

  constructor(services: Services, options: CallsOptions = {}) {
    const [made, failed, buckets, said, deniedSince] = [new Map(), new Map(), new Map(), new Map(), new Map()]
    this.#gate = { services, made, failed, buckets, said, deniedSince }
    this.#options = options
  }

  /** How often each call was made, retries included. */
  get made(): ReadonlyMap<ServiceCall, number> {
    return this.#gate.made
  }

  /** How often calls failed, by kind. */
  get failed(): ReadonlyMap<FaultKind, number> {
    return this.#gate.failed
  }

  /**
   * The same calls for one run of several: with the same rates and credentials, but with a `giveUp` of its own. What is
   * denied is repeated for two minutes, as permissions that were just given take time to spread.
   */
  forRun(): Calls {
    const own = new Calls(this.#gate.services, this.#options)
    own.#gate = this.#gate
    own.#deniedSeconds = DENIED_SECONDS
    return own
  }

  /** @throws ServiceFault for what waiting does not mend, or when nothing is waited for any more */
  async call<C extends ServiceCall>(
    name: C,
    ...input: Parameters<Services[C]>
  ): Promise<Awaited<ReturnType<Services[C]>>> {
    let deniedAt: number | undefined
    for (let attempt = 0; ; attempt++) {
      const fault = await this.once(name, ...input).then(
        (value) => ({ value }),
        (error: unknown) => ({ error: error as ServiceFault }),
      )
      if ('value' in fault) return fault.value
      const { error } = fault
      if (this.#givenUp) throw error
      if (error.kind === 'denied') {
        // Where the same call is denied to others for longer nobody waits again.
        const since = Math.min((deniedAt ??= this.#now()), this.#gate.deniedSince.get(name) ?? Infinity)
        if (this.#now() - since >= this.#deniedSeconds) throw error
      } else if (!PATIENT.has(error.kind)) throw error
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
    const { made, failed, deniedSince, services } = this.#gate
    made.set(name, (made.get(name) ?? 0) + 1)
    try {
      const make = services[name] as (...args: Parameters<Services[C]>) => ReturnType<Services[C]>
      const answer = await make(...input)
      deniedSince.delete(name)
      return answer
    } catch (error) {
      const fault = serviceFault(error, name, secretsIn(input[0]))
      if (fault.kind === 'denied' && !deniedSince.has(name)) deniedSince.set(name, this.#now())
      failed.set(fault.kind, (failed.get(fault.kind) ?? 0) + 1)
      throw fault
    }
  }

  /** From here on a call that fails is not repeated; those of other runs are. */
  giveUp(): void {
    this.#givenUp = true
  }

  #bucket(name: ServiceCall): TokenBucket {
    let bucket = this.#gate.buckets.get(name)
    if (bucket === undefined) {
      const rate = this.#options.rates?.[name] ?? RATES[name]
      this.#gate.buckets.set(name, (bucket = new TokenBucket(rate, Math.max(1, rate), this.#now())))
    }
    return bucket
  }

  async #renew(): Promise<void> {
    try {
      const { services } = this.#gate
      this.#gate.services = (await this.#options.renew?.()) ?? services
    } catch {
      // The old ones go on.
    }
  }

  #tell(fault: ServiceFault): void {
    // Throttling is everyday business.
    if (fault.kind === 'throttle') return
    const last = this.#gate.said.get(fault.kind)
    const every = fault.kind === 'denied' ? DENIED_SECONDS : SAID_EVERY
    if (last !== undefined && this.#now() - last < every) return
    this.#gate.said.set(fault.kind, this.#now())
    const cure = CURES[fault.kind] ?? 'trying again'
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

/** Values of the environment of a job that is asked for, but for what is added to every job: answers may quote the request. */
function secretsIn(input: unknown): string[] {
  const { Environment = {} } = (input ?? {}) as { readonly Environment?: Readonly<Record<string, string>> }
  return Object.entries(Environment).flatMap(([name, value]) => (name.startsWith('RUNGBENCH_') ? [] : [value]))
}
