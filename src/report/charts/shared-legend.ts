/** One legend for charts that stand side by side: repeated under each it would take more room than they do. */
import type { TopLevelSpec } from 'vega-lite'
import type { Chart } from './chart.js'

type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number]
type Encoding = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Specifications for a page, where charts stand side by side. */
export interface Row {
  /** Draws the legend of all; undefined where each keeps its own, if it has one. */
  readonly legend: TopLevelSpec | undefined
  /** In the order of the charts. */
  readonly specs: readonly TopLevelSpec[]
}

/** The legend is taken out where there are several charts and one of them names what all others name. */
export function withSharedLegend(charts: readonly Chart[]): Row {
  const specs = charts.map(({ spec }) => spec)
  const named = specs.map(namesOf)
  const widest = named.toSorted((a, b) => b.size - a.size)[0]
  const shared =
    specs.length > 1 &&
    widest !== undefined &&
    widest.size > 0 &&
    named.every((names) => names.size > 0 && [...names].every((name) => widest.has(name)))
  if (!shared) return { legend: undefined, specs }
  return {
    legend: legendOnly(specs[named.indexOf(widest)]!),
    specs: specs.map((spec) => mapLayers(spec, withoutLegend)),
  }
}

/** What a legend of the chart lists. */
function namesOf(spec: TopLevelSpec): ReadonlySet<unknown> {
  const channels = layersOf(spec).flatMap((layer) => Object.values(encodingOf(layer)))
  return new Set(
    channels.flatMap(
      ({ legend }) => (legend as { readonly values?: readonly unknown[] } | null | undefined)?.values ?? [],
    ),
  )
}

/** The layers that have a legend, with nothing in them: Vega-Lite draws the legend alone. */
function legendOnly(spec: TopLevelSpec): TopLevelSpec {
  const layers = layersOf(spec).flatMap((layer) => {
    const channels = Object.entries(encodingOf(layer)).filter(([, { legend }]) => legend != null)
    return channels.length === 0
      ? []
      : [{ mark: (layer as { mark: unknown }).mark, encoding: Object.fromEntries(channels) }]
  })
  const { resolve } = spec as { resolve?: object }
  return {
    data: { values: [] },
    width: 'container',
    height: 1,
    ...(resolve && { resolve }),
    layer: layers,
  } as unknown as TopLevelSpec
}

function withoutLegend(layer: Layer): Layer {
  const channels = Object.entries(encodingOf(layer)).map(([channel, of]) => [
    channel,
    of['legend'] == null ? of : { ...of, legend: null },
  ])
  return { ...layer, encoding: Object.fromEntries(channels) } as Layer
}

function mapLayers(spec: TopLevelSpec, change: (layer: Layer) => Layer): TopLevelSpec {
  return { ...spec, layer: layersOf(spec).map(change) } as TopLevelSpec
}

function layersOf(spec: TopLevelSpec): readonly Layer[] {
  return 'layer' in spec ? spec.layer : []
}

function encodingOf(layer: Layer): Encoding {
  return ((layer as { encoding?: unknown }).encoding ?? {}) as Encoding
}
