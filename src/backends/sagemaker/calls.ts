/** One gate for all calls: limits their rate, retries what may succeed later, and tells the user. */
import { Naps } from './naps.js'
import { RATES } from './rates.js'
import { type FaultKind, ServiceFault, serviceFault } from './service-fault.js'
import type { ServiceCall, Services } from './services.js'
import { TokenBucket } from './token-bucket.js'

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
/**
 * Seconds for which connections that are not to be trusted are tried again: a hotel's network opens them until somebody logs
 * in. A proxy whose certificate Node does not know does so for ever.
 */
const UNTRUSTED_SECONDS = 900
const UNTRUSTED_CURE =
  'for 15 minutes no connection to AWS could be trusted; where a proxy opens connections, name its certificate with ' +
  'NODE_EXTRA_CA_CERTS=<file> and go on with --resume'

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
    'it should be that of AWS: is there a proxy that opens connections? NODE_EXTRA_CA_CERTS names its; trying again for 15 minutes',
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
  /** Since when no connection could be trusted. */
  untrustedSince: number | undefined
}

/**
 * Calls that are throttled, lost or refused for want of credentials are repeated until they succeed, after a random part
 * of 1, 2, 4, ... 60 seconds ("full jitter"; M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
 * Others fail with a {@link ServiceFault}; a run repeats for two minutes what it is denied. Connections that are not to be
 * trusted are tried for 15 minutes.
 */
export class Calls {
  readonly #options: CallsOptions
  #gate: Gate
  readonly #naps = new Naps()
  #deniedSeconds = 0
  #givenUp = false
  #hurried = false

  constructor(services: Services, options: CallsOptions = {}) {
    const [made, failed, buckets, said, deniedSince] = [new Map(), new Map(), new Map(), new Map(), new Map()]
    this.#gate = { services, made, failed, buckets, said, deniedSince, untrustedSince: undefined }
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
  call<C extends ServiceCall>(name: C, ...input: Parameters<Services[C]>): Promise<Awaited<ReturnType<Services[C]>>> {
    return this.callWhile(() => true, name, ...input)
  }

  /**
   * The same, as long as it is wanted. Where an answer was lost it goes on: the call may have had its effect.
   *
   * @throws ServiceFault also when it is not wanted any more
   */
  async callWhile<C extends ServiceCall>(
    wanted: () => boolean,
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
        if (this.#now() - since >= this.#patience(name)) throw error
      } else if (!PATIENT.has(error.kind)) throw error
      if (error.kind === 'certificate' && this.#now() - this.#gate.untrustedSince! >= UNTRUSTED_SECONDS)
        throw new ServiceFault('certificate', `${error.message}; ${UNTRUSTED_CURE}`, error)
      if (error.kind !== 'transient' && !wanted()) throw error
      this.#tell(error)
      const ceiling = Math.min(LONGEST_REST, (this.#options.firstRest ?? FIRST_REST) * 2 ** attempt)
      await (this.#options.sleep ?? ((seconds) => this.#naps.take(seconds)))(
        ceiling * (this.#options.chance ?? Math.random)(),
      )
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
    const gate = this.#gate
    const { made, failed, deniedSince, services } = gate
    made.set(name, (made.get(name) ?? 0) + 1)
    try {
      const make = services[name] as (...args: Parameters<Services[C]>) => ReturnType<Services[C]>
      const answer = await make(...input)
      deniedSince.delete(name)
      gate.untrustedSince = undefined
      return answer
    } catch (error) {
      const fault = serviceFault(error, name, secretsIn(input[0]))
      // Whatever else was said came over a connection that could be trusted, or over none.
      if (fault.kind === 'certificate') gate.untrustedSince ??= this.#now()
      else if (fault.kind !== 'transient') gate.untrustedSince = undefined
      if (fault.kind === 'denied' && !deniedSince.has(name)) deniedSince.set(name, this.#now())
      failed.set(fault.kind, (failed.get(fault.kind) ?? 0) + 1)
      throw fault
    }
  }

  /** From here on a call that fails is not repeated; those of other runs are. */
  giveUp(): void {
    this.#givenUp = true
  }

  /**
   * Does some first calls that a signal ends: what fails then is not repeated.
   *
   * @throws the signal's reason where it came, else what the calls throw
   */
  async until<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const end = (): void => {
      this.giveUp()
      this.hurry()
    }
    signal?.addEventListener('abort', end, { once: true })
    try {
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      signal?.removeEventListener('abort', end)
    }
  }

  /** The run is over: what is waited for is tried again at once, and nothing waits for permissions but what ends jobs. */
  hurry(): void {
    this.#hurried = true
    this.#naps.wake()
  }

  #patience(name: ServiceCall): number {
    return this.#hurried && name !== 'stopTrainingJob' ? 0 : this.#deniedSeconds
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
