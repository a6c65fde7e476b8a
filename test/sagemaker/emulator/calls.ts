/** Who was called when, for the services' rates; and the whole conversation, where a test wants it checked. */
import { appendFileSync } from 'node:fs'
import type { Service } from './faults.js'

export interface Call {
  /** Milliseconds of the wall clock since the emulator started. */
  readonly at: number
  readonly service: Service
  readonly operation: string
  /** 0 where the connection was broken. */
  readonly status: number
  /** The error's code. */
  readonly code?: string | undefined
  /** The kind of the fault that struck it. */
  readonly fault?: string | undefined
}

/** One request with its answer, as it went over the wire. */
export interface Exchange {
  readonly service: Service
  readonly operation: string
  readonly method: string
  readonly url: string
  readonly requestHeaders: Readonly<Record<string, string>>
  /** JSON and XML bodies; of objects the length only. */
  readonly requestBody: string | null
  readonly requestLength: number
  readonly status: number
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly responseBody: string | null
  readonly fault: string | null
}

export class CallLog {
  readonly calls: Call[] = []
  readonly #file: string | undefined

  constructor(file?: string) {
    this.#file = file
  }

  add(call: Call, exchange: Exchange): void {
    this.calls.push(call)
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(exchange)}\n`)
  }

  count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length
  }

  /** The most calls that fell into any window of so many seconds of the wall clock. */
  busiest(seconds: number, operation?: string): number {
    const times = this.calls.filter((call) => operation === undefined || call.operation === operation)
    let most = 0
    for (let first = 0, last = 0; last < times.length; last++) {
      while (times[last]!.at - times[first]!.at >= seconds * 1000) first++
      most = Math.max(most, last - first + 1)
    }
    return most
  }
}

/** Signatures and tokens are nobody's to keep. */
const SECRET = new Set(['authorization', 'x-amz-security-token'])

export function keptHeaders(
  headers: Readonly<Record<string, string | string[] | number | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !SECRET.has(name))
      .map(([name, value]) => [name, String(value)]),
  )
}
