/** CloudWatch Logs, the calls that read. */
import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
  LogStream,
} from '@aws-sdk/client-cloudwatch-logs'
import { type LogStore, type StoredEvent, type Stream, eventId } from './log-store.js'
import { ServiceError } from './service-error.js'

/** Bytes of one answer, and what each event counts beside its text. */
const LARGEST_PAGE = 2 ** 20
const EVENT_BYTES = 26

export class Logs {
  readonly #store: LogStore
  readonly #arn: string

  constructor(store: LogStore, region: string, account: string) {
    this.#store = store
    this.#arn = `arn:aws:logs:${region}:${account}:log-group`
  }

  handle(operation: string, input: unknown): object {
    switch (operation) {
      case 'DescribeLogGroups':
        return this.#describeGroups(input as DescribeLogGroupsRequest)
      case 'DescribeLogStreams':
        return this.#describeStreams(input as DescribeLogStreamsRequest)
      case 'GetLogEvents':
        return this.#get(input as GetLogEventsRequest)
      default:
        return this.#filter(input as FilterLogEventsRequest)
    }
  }

  #describeGroups({
    logGroupNamePrefix = '',
    limit = 50,
    nextToken,
  }: DescribeLogGroupsRequest): DescribeLogGroupsResponse {
    const names = this.#store.groups.filter((name) => name.startsWith(logGroupNamePrefix))
    const { page, next } = paged(names, limit, nextToken)
    return {
      logGroups: page.map((name) => ({
        logGroupName: name,
        arn: `${this.#arn}:${name}:*`,
        creationTime: 0,
        metricFilterCount: 0,
        storedBytes: 0,
      })),
      ...next,
    }
  }

  #describeStreams(input: DescribeLogStreamsRequest): DescribeLogStreamsResponse {
    const group = groupName(input)
    const { logStreamNamePrefix: prefix, orderBy = 'LogStreamName', descending = false, limit = 50, nextToken } = input
    if (orderBy === 'LastEventTime' && prefix !== undefined)
      throw new ServiceError('InvalidParameterException', 'Cannot order by LastEventTime with a logStreamNamePrefix.')
    const found = this.#streams(group).filter(({ name }) => name.startsWith(prefix ?? ''))
    const last = (stream: Stream): number => this.#store.events(stream).at(-1)?.timestamp ?? 0
    if (orderBy === 'LastEventTime') found.sort((a, b) => last(a) - last(b))
    if (descending) found.reverse()
    const { page, next } = paged(found, limit, nextToken)
    return {
      logStreams: page.map((stream) => this.#describeStream(group, stream)),
      ...next,
    }
  }

  #describeStream(group: string, stream: Stream): LogStream {
    const events = this.#store.events(stream)
    return {
      logStreamName: stream.name,
      creationTime: Math.floor(stream.created),
      arn: `${this.#arn}:${group}:log-stream:${stream.name}`,
      storedBytes: 0,
      ...(events.length > 0 && {
        firstEventTimestamp: events[0]!.timestamp,
        lastEventTimestamp: events.at(-1)!.timestamp,
        lastIngestionTime: Math.floor(Math.max(...events.map(({ visible }) => visible))),
      }),
    }
  }

  /** The token names a place between events; at the end of what is shown the same forward token comes back. */
  #get(input: GetLogEventsRequest): GetLogEventsResponse {
    const { startTime = 0, endTime = Infinity, limit = 10_000, nextToken } = input
    const stream = this.#streams(groupName(input)).find(({ name }) => name === input.logStreamName)
    if (!stream) throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')
    const shown = this.#store.events(stream).filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime)
    const [, way, place] = /^([fb])\/(\d{56})\/s$/.exec(nextToken ?? '') ?? []
    if (nextToken !== undefined && place === undefined)
      throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
    const forward = way === undefined ? (input.startFromHead ?? false) : way === 'f'
    const rest = shown.filter(({ id }) => place === undefined || (forward ? id > place : id < place))
    const page = fitting(rest, limit, forward)
    const here = place ?? eventId(Math.max(startTime, stream.created - 1), 0)
    return {
      events: page.map(({ timestamp, message, visible }) => ({
        timestamp,
        message,
        ingestionTime: Math.floor(visible),
      })),
      nextForwardToken: `f/${page.at(-1)?.id ?? here}/s`,
      nextBackwardToken: `b/${page[0]?.id ?? here}/s`,
    }
  }

  #filter(input: FilterLogEventsRequest): FilterLogEventsResponse {
    const {
      logStreamNames,
      logStreamNamePrefix = '',
      startTime = 0,
      endTime = Infinity,
      limit = 10_000,
      nextToken,
    } = input
    if (logStreamNames && input.logStreamNamePrefix !== undefined)
      throw new ServiceError(
        'InvalidParameterException',
        'logStreamNamePrefix and logStreamNames cannot both be given.',
      )
    const streams = this.#streams(groupName(input)).filter(({ name }) =>
      logStreamNames ? logStreamNames.includes(name) : name.startsWith(logStreamNamePrefix),
    )
    if (logStreamNames && streams.length < new Set(logStreamNames).size)
      throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.')
    const place = nextToken === undefined ? '' : Buffer.from(nextToken, 'base64url').toString()
    const rest = streams
      .flatMap((stream) => this.#store.events(stream))
      .filter(({ id, timestamp }) => id > place && timestamp >= startTime && timestamp < endTime)
      .filter(matches(input.filterPattern ?? ''))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    const page = fitting(rest, limit, true)
    return {
      events: page.map(({ id, stream, timestamp, message, visible }) => ({
        logStreamName: stream,
        timestamp,
        message,
        ingestionTime: Math.floor(visible),
        eventId: id,
      })),
      searchedLogStreams: [],
      ...(page.length < rest.length && { nextToken: Buffer.from(page.at(-1)!.id).toString('base64url') }),
    }
  }

  #streams(group: string): Stream[] {
    const streams = this.#store.streams(group)
    if (!streams) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.')
    return streams
  }
}

function groupName({
  logGroupName,
  logGroupIdentifier,
}: {
  logGroupName?: string | undefined
  logGroupIdentifier?: string | undefined
}): string {
  const name = logGroupName ?? logGroupIdentifier?.replace(/^arn:.*:log-group:/, '')
  if (name === undefined || (logGroupName !== undefined && logGroupIdentifier !== undefined))
    throw new ServiceError(
      'InvalidParameterException',
      'Exactly one of logGroupName and logGroupIdentifier must be given.',
    )
  return name
}

/** As many as fit a page: from the front, or from the back where one reads backwards. */
function fitting(events: readonly StoredEvent[], limit: number, forward: boolean): StoredEvent[] {
  let bytes = 0
  const page: StoredEvent[] = []
  for (const event of forward ? events : events.toReversed()) {
    bytes += Buffer.byteLength(event.message) + EVENT_BYTES
    if (page.length >= limit || (bytes > LARGEST_PAGE && page.length > 0)) break
    page.push(event)
  }
  return forward ? page : page.toReversed()
}

/** The patterns of words, quoted words and `?` alternatives; not those of JSON or columns. */
function matches(pattern: string): (event: StoredEvent) => boolean {
  if (/^\s*[{[%]/.test(pattern))
    throw new ServiceError('InvalidParameterException', 'the emulator knows filter patterns of words only')
  const terms = [...pattern.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, word]) => ({
    sign,
    text: quoted?.replaceAll(/\\(.)/g, '$1') ?? word!,
  }))
  const some = terms.filter(({ sign }) => sign === '?')
  return ({ message }) =>
    terms.every(({ sign, text }) => sign === '?' || message.includes(text) === (sign !== '-')) &&
    (some.length === 0 || some.some(({ text }) => message.includes(text)))
}

/** A page of a list by its position: what the service's own tokens hide. */
export function paged<T>(
  all: readonly T[],
  limit: number,
  token: string | undefined,
): { page: T[]; next: { nextToken?: string } } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(from))
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.')
  const next = from + limit < all.length ? { nextToken: Buffer.from(String(from + limit)).toString('base64url') } : {}
  return { page: all.slice(from, from + limit), next }
}
