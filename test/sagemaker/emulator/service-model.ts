/** Holds requests of the JSON services to their models (model.json), with the services' own wording. */
import { readFileSync } from 'node:fs'
import { ServiceError } from './service-error.js'

interface Shape {
  readonly type: string
  readonly required?: readonly string[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly min?: number
  readonly max?: number
  readonly members?: Readonly<Record<string, string>>
  readonly member?: string
  readonly key?: string
  readonly value?: string
}

export interface ServiceModel {
  /** Before the dot of `X-Amz-Target`. */
  readonly target: string
  readonly inputs: Readonly<Record<string, string>>
  readonly shapes: Readonly<Record<string, Shape>>
}

export type JsonService = 'sagemaker' | 'logs'

const { sagemaker, logs } = JSON.parse(readFileSync(new URL('model.json', import.meta.url), 'utf8')) as Record<
  JsonService,
  ServiceModel
>

export const MODELS: Readonly<Record<JsonService, ServiceModel>> = { sagemaker, logs }

const patterns = new Map<string, RegExp>()

/** A pattern of the models (Java's dialect) that has to match the whole text. */
function whole(pattern: string): RegExp {
  let found = patterns.get(pattern)
  if (!found) {
    const translated = pattern.replaceAll('\\p{Alnum}', '0-9A-Za-z')
    try {
      found = new RegExp(`^(?:${translated})$`, 'su')
    } catch {
      found = new RegExp(`^(?:${translated})$`, 's')
    }
    patterns.set(pattern, found)
  }
  return found
}

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)

/**
 * Checks an input and hands it back as the SDK's types have it: timestamps are dates, members that are not the model's
 * are left out.
 * @throws ServiceError ValidationException, InvalidParameterException or SerializationException
 */
export function checkInput(service: JsonService, operation: string, input: unknown): unknown {
  const model = MODELS[service]
  const problems: string[] = []
  const checked = new Check(model, service === 'sagemaker', problems).value(model.inputs[operation]!, input, '')
  if (problems.length > 0) {
    const count = `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: `
    throw new ServiceError(
      service === 'logs' ? 'InvalidParameterException' : 'ValidationException',
      count + problems.join('; '),
    )
  }
  return checked
}

class Check {
  readonly #model: ServiceModel
  readonly #dates: boolean
  readonly #problems: string[]

  constructor(model: ServiceModel, dates: boolean, problems: string[]) {
    this.#model = model
    this.#dates = dates
    this.#problems = problems
  }

  value(shapeName: string, value: unknown, path: string): unknown {
    const shape = this.#model.shapes[shapeName]!
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape, value, path)
      case 'list':
        if (!Array.isArray(value)) throw malformed(path, 'a list')
        this.#length(shape, value.length, value, path)
        return value.map((one, i) => this.value(shape.member!, one, `${path}.${i + 1}.member`))
      case 'map':
        if (!isObject(value)) throw malformed(path, 'a map')
        this.#length(shape, Object.keys(value).length, value, path)
        for (const key of Object.keys(value)) this.value(shape.key!, key, path)
        return Object.fromEntries(
          Object.entries(value).map(([key, one]) => [key, this.value(shape.value!, one, `${path}.${key}.member`)]),
        )
      case 'string':
        return this.#string(shape, value, path)
      case 'timestamp':
        if (typeof value !== 'number') throw malformed(path, 'a timestamp')
        return this.#dates ? new Date(value * 1000) : value
      case 'boolean':
        if (typeof value !== 'boolean') throw malformed(path, 'a boolean')
        return value
      default:
        if (typeof value !== 'number') throw malformed(path, 'a number')
        if (shape.min !== undefined && value < shape.min)
          this.#problem(value, path, `Member must have value greater than or equal to ${shape.min}`)
        if (shape.max !== undefined && value > shape.max)
          this.#problem(value, path, `Member must have value less than or equal to ${shape.max}`)
        return value
    }
  }

  #structure(shape: Shape, value: unknown, path: string): unknown {
    if (!isObject(value)) throw malformed(path, 'a structure')
    const at = (name: string): string => (path === '' ? lowered(name) : `${path}.${lowered(name)}`)
    const given = Object.entries(value).filter(([, one]) => one !== null && one !== undefined)
    for (const name of shape.required ?? [])
      if (!given.some(([key]) => key === name)) this.#problem(null, at(name), 'Member must not be null')
    return Object.fromEntries(
      given
        .filter(([name]) => shape.members?.[name] !== undefined)
        .map(([name, one]) => [name, this.value(shape.members![name]!, one, at(name))]),
    )
  }

  #string(shape: Shape, value: unknown, path: string): unknown {
    if (typeof value !== 'string') throw malformed(path, 'a string')
    if (shape.enum && !shape.enum.includes(value))
      this.#problem(value, path, `Member must satisfy enum value set: [${shape.enum.join(', ')}]`)
    this.#length(shape, value.length, value, path)
    if (shape.pattern && !whole(shape.pattern).test(value))
      this.#problem(value, path, `Member must satisfy regular expression pattern: ${shape.pattern}`)
    return value
  }

  #length(shape: Shape, length: number, value: unknown, path: string): void {
    if (shape.min !== undefined && length < shape.min)
      this.#problem(value, path, `Member must have length greater than or equal to ${shape.min}`)
    if (shape.max !== undefined && length > shape.max)
      this.#problem(value, path, `Member must have length less than or equal to ${shape.max}`)
  }

  #problem(value: unknown, path: string, rule: string): void {
    const shown = value === null ? 'Value' : `Value '${typeof value === 'string' ? value : JSON.stringify(value)}'`
    this.#problems.push(`${shown} at '${path}' failed to satisfy constraint: ${rule}`)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(path: string, wanted: string): ServiceError {
  return new ServiceError('SerializationException', `${path || 'the request'} is not ${wanted}`)
}
