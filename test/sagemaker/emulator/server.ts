/** The HTTP side: which service and operation a request is for, what fault strikes it, how the answer looks. */
import { randomUUID } from 'node:crypto'
import { type IncomingMessage, type Server as HttpServer, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CallLog, keptHeaders } from './calls.js'
import type { Clock } from './clock.js'
import { type Fault, type FaultPlan, type Service, faultError } from './faults.js'
import type { Logs } from './logs.js'
import { s3Operation } from './s3.js'
import type { S3 } from './s3.js'
import type { S3Request } from './s3-protocol.js'
import { type Reads, noting } from './reads.js'
import type { SageMaker } from './sagemaker.js'
import { ServiceError } from './service-error.js'
import { type JsonService, MODELS, checkInput } from './service-model.js'
import { document } from './xml.js'

export interface Services {
  readonly sagemaker: SageMaker
  readonly logs: Logs
  readonly s3: S3
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | string
  readonly code?: string
}

interface Target {
  readonly service: Service
  readonly operation: string
  readonly s3?: S3Request
}

export class Server {
  /** Members of requests that were looked at. */
  readonly reads: Reads = new Set()
  readonly #services: Services
  readonly #faults: FaultPlan
  readonly #calls: CallLog
  readonly #clock: Clock
  readonly #http: HttpServer
  readonly #since = performance.now()

  constructor(services: Services, faults: FaultPlan, calls: CallLog, clock: Clock) {
    this.#services = services
    this.#faults = faults
    this.#calls = calls
    this.#clock = clock
    this.#http = createServer((request, response) => void this.#serve(request, response))
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject)
      this.#http.listen(port, '127.0.0.1', resolve)
    })
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections()
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve())
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now() - this.#since
    const raw = await bytes(request).catch(() => undefined)
    if (raw === undefined) return
    const target = route(request, raw)
    const fault = this.#faults.next(target.service, target.operation)
    if (fault?.kind === 'delay') await this.#clock.wait(fault.seconds)
    const answer = await this.#answer(target, raw, fault)
    const { service, operation } = target
    const dropped = fault?.kind === 'drop'
    const textual = service !== 's3' || /xml/.test(String(request.headers['content-type']))
    this.#calls.add(
      { at, service, operation, status: dropped ? 0 : answer.status, code: answer.code, fault: fault?.kind },
      {
        service,
        operation,
        method: request.method!,
        url: request.url!,
        requestHeaders: keptHeaders(request.headers),
        requestBody: textual ? raw.toString() : null,
        requestLength: raw.length,
        status: dropped ? 0 : answer.status,
        responseHeaders: answer.headers,
        responseBody: typeof answer.body === 'string' ? answer.body : null,
        fault: fault?.kind ?? null,
      },
    )
    if (dropped) return void request.socket.destroy()
    response.writeHead(answer.status, answer.headers)
    const { body } = answer
    const sent = fault?.kind === 'truncate' ? body.slice(0, Math.ceil(body.length / 2)) : body
    response.end(request.method === 'HEAD' ? undefined : sent)
  }

  async #answer(target: Target, raw: Buffer, fault: Fault | undefined): Promise<Answer> {
    const id = randomUUID()
    try {
      if (fault?.kind === 'drop' && fault.when === 'before') return { status: 0, headers: {}, body: '' }
      if (fault?.kind === 'foreign')
        return { status: fault.status, headers: { 'content-type': 'text/html' }, body: fault.body }
      const refusal = fault && faultError(target.service, fault)
      if (refusal) throw refusal
      if (target.s3) {
        const { status, headers = {}, body = '' } = await this.#services.s3.handle(target.operation, target.s3)
        return { status, headers: { 'x-amz-request-id': id, 'x-amz-id-2': id, ...headers }, body }
      }
      const service = target.service as JsonService
      if (!MODELS[service].inputs[target.operation])
        throw new ServiceError('UnknownOperationException', `the emulator does not know ${target.operation}`)
      const checked = checkInput(service, target.operation, JSON.parse(raw.toString() || '{}'))
      const input = noting(service, target.operation, checked, this.reads)
      return json(200, id, this.#services[service].handle(target.operation, input))
    } catch (error) {
      const known = error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500)
      const { code, message, status } = known
      if (!(error instanceof ServiceError)) console.error(error)
      if (!target.s3) return { ...json(status, id, { __type: code, message }), code }
      const headers = { 'x-amz-request-id': id, 'x-amz-id-2': id, 'content-type': 'application/xml' }
      const { bucket, key } = target.s3
      const body = document('Error', { Code: code, Message: message, Resource: `/${bucket}/${key}`, RequestId: id })
      return { status, headers, body: body.replace(/ xmlns="[^"]*"/, ''), code }
    }
  }
}

function json(status: number, id: string, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': id },
    body: JSON.stringify(onWire(value)),
  }
}

/** Dates are seconds since 1970; what is undefined is left out. */
function onWire(value: unknown): unknown {
  if (value instanceof Date) return Math.round(value.getTime()) / 1000
  if (Array.isArray(value)) return value.map(onWire)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, onWire(one)]),
  )
}

function route(request: IncomingMessage, raw: Buffer): Target {
  const [, prefix, operation] = /^([\w.]+?)\.(\w+)$/.exec(String(request.headers['x-amz-target'] ?? '')) ?? []
  if (prefix !== undefined) {
    const service = (Object.keys(MODELS) as (keyof typeof MODELS)[]).find((name) => MODELS[name].target === prefix)
    return { service: (service as JsonService | undefined) ?? 'sagemaker', operation: operation! }
  }
  const url = new URL(request.url!, 'http://127.0.0.1')
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(url.pathname) ?? []
  const s3 = {
    method: request.method!,
    bucket: decodeURIComponent(bucket),
    key: decodeURIComponent(key),
    query: url.searchParams,
    headers: request.headers,
    raw,
  }
  return { service: 's3', operation: s3Operation(s3), s3 }
}

async function bytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
