/** What a modelled table was made with: figures, speeds and prices of its types, and the recording that it rests on. */
import type { TableAbout } from '../store/manifest.js'
import { formatNumber } from './format.js'
import { type ProvenanceDocument, provenanceFacts } from './provenance.js'

interface Inputs {
  readonly unit: string
  readonly recordedAs: string
  /** When the figures were written down. */
  readonly noted: string
  /** That of the recorded machine first. */
  readonly figures: readonly { readonly name: string; readonly value: number; readonly source: string }[]
}

/** One fact per figure and instance type, and those of the base recording; none of a table that was not derived. */
export function modelledFacts({ provenance, prices = {}, speeds = {} }: TableAbout): [string, string][] {
  if (provenance.kind !== 'modelled') return []
  const inputs = provenance['inputs'] as Inputs | undefined
  const listed = provenance['prices'] as
    | { readonly date?: string | null; readonly dates?: Record<string, string> }
    | undefined
  const base = (provenance['base'] as { readonly provenance?: ProvenanceDocument } | undefined)?.provenance
  const figures = (inputs?.figures ?? []).map(({ name, value, source }): [string, string] => [
    `figure of ${name}`,
    `${formatNumber(value)} ${inputs!.unit}${name === inputs!.recordedAs ? ', taken for the recorded machine' : ''}; ${source}, noted ${inputs!.noted}`,
  ])
  const types = Object.entries(speeds).map(([type, speed]): [string, string] => {
    const price = prices[type] ?? null
    const date = (listed?.dates === undefined ? listed?.date : listed.dates[type]) ?? 'no date given'
    return [
      `type ${type}`,
      `${formatNumber(speed)} times the recorded speed, ` +
        (price === null ? 'price unknown' : `${formatNumber(price)} US dollars per hour (${date})`),
    ]
  })
  const recorded = base === undefined ? [] : provenanceFacts(base).filter(([name]) => name !== 'kind')
  return [...figures, ...types, ...recorded.map(([name, text]): [string, string] => [`recorded: ${name}`, text])]
}
