import { LABEL_LAYER } from '../charts/end-labels.js'

/**
 * What a report does in a browser: draws its charts in the colours that the reader prefers, at the width there is, and
 * shows what lies under the pointer. Plain JavaScript, as it runs; `vega`, `vegaLite` and `vegaInterpreter` are there.
 *
 * Expressions are interpreted, so the page needs no eval; nothing is loaded, whatever a specification says; tips are set
 * as text.
 */
export const PAGE_SCRIPT = String.raw`
'use strict'
{
  const { themes, charts } = JSON.parse(document.getElementById('report-data').textContent)
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const tip = document.getElementById('tip')
  const quiet = { level() { return this }, error: console.error, warn() { return this }, info() { return this }, debug() { return this } }
  const nothing = { load: () => Promise.reject(new Error('a report loads nothing')), sanitize: () => Promise.reject(new Error('a report links to nothing')) }
  const tooltip = (handler, event, item, value) => {
    tip.hidden = value === undefined || value === null || value === ''
    if (tip.hidden) return
    tip.textContent = String(value)
    const { clientX, clientY } = event.changedTouches ? event.changedTouches[0] : event
    const { width, height } = tip.getBoundingClientRect()
    const left = clientX + 14 + width > innerWidth ? Math.max(4, clientX - 14 - width) : clientX + 14
    tip.style.left = left + 'px'
    tip.style.top = Math.max(4, Math.min(clientY + 14, innerHeight - height - 4)) + 'px'
  }
  // Names and titles that are too long for a narrow page are broken into lines.
  const atWords = (text, most) => text.split(' ').reduce((lines, word) => {
    const last = lines.length - 1
    if (last < 0 || lines[last].length + 1 + word.length > most) return [...lines, word]
    return [...lines.slice(0, last), lines[last] + ' ' + word]
  }, [])
  const twoLines = (most) => {
    const first = "regexp('^(.{1," + (most - 1) + "}[-_ ,/])')"
    const long = 'length(datum.label) > ' + most + ' && test(' + first + ', datum.label)'
    return {
      labelExpr: long + ' ? split(replace(datum.label, ' + first + ", '$1\\n'), '\\n') : datum.label",
      labelOffset: { condition: { test: long, value: -7 }, value: 0 },
    }
  }
  const fitted = (spec, room) => {
    const narrow = Math.floor(room * 0.4)
    const rows = spec.layer.some(({ encoding }) => encoding.y?.type === 'nominal')
    const most = Math.floor((room - (rows ? narrow : 70)) / 6.4)
    const axes = ({ x, y, ...rest }) => ({
      ...rest,
      ...(x && { x: typeof x.title === 'string' ? { ...x, title: atWords(x.title, most) } : x }),
      ...(y && { y: y.type === 'nominal' ? { ...y, axis: { ...y.axis, ...twoLines(Math.floor(narrow / 7)), labelLimit: narrow } } : y }),
    })
    const names = (layer) => (layer.name === '${LABEL_LAYER}' ? { mark: { ...layer.mark, limit: Math.min(layer.mark.limit, Math.floor(room * 0.36)) } } : {})
    return { ...spec, layer: spec.layer.map((layer) => ({ ...layer, ...names(layer), encoding: axes(layer.encoding) })) }
  }
  // By the element that it is drawn into.
  const drawn = new Map()
  const draw = ({ into, spec }, name) => {
    const container = document.getElementById(into)
    drawn.get(into)?.finalize()
    const room = container.clientWidth
    // As many names beside one another as fit: about seven pixels a letter, and room for the axis and the symbols.
    const names = spec.layer.flatMap(({ encoding }) => encoding.color?.legend?.values ?? [])
    const longest = 7 * Math.max(0, ...names.map((name) => name.length))
    const config = structuredClone(themes[name])
    config.legend.columns = Math.max(1, Math.min(6, Math.floor((room - 60) / (longest + 50))))
    config.legend.labelLimit = room - 110
    const compiled = vegaLite.compile({ ...fitted(spec, room), autosize: { type: 'fit-x', contains: 'padding', resize: true }, config }, { logger: quiet }).spec
    const view = new vega.View(vega.parse(compiled, {}, { ast: true }), {
      expr: vegaInterpreter, renderer: 'svg', container, hover: true, tooltip, loader: nothing, logLevel: vega.Error,
    })
    view.run()
    drawn.set(into, view)
  }
  const fitting = () => (dark.matches && !matchMedia('print').matches ? 'dark' : 'light')
  const again = (name) => { for (const chart of charts) if (drawn.has(chart.into)) draw(chart, name) }
  const all = (name) => { for (const chart of charts) draw(chart, name) }
  if (typeof IntersectionObserver === 'undefined') all(fitting())
  else {
    // What is not to be seen yet is drawn when the reader comes near: a report of many charts is there at once.
    const near = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue
        near.unobserve(target)
        if (!drawn.has(target.id)) draw(charts.find(({ into }) => into === target.id), fitting())
      }
    }, { rootMargin: '600px' })
    for (const { into, spec } of charts) {
      const container = document.getElementById(into)
      if (spec.height > 100) container.style.minHeight = spec.height + 50 + 'px'
      near.observe(container)
    }
  }
  dark.addEventListener('change', () => again(fitting()))
  addEventListener('beforeprint', () => all('light'))
  addEventListener('afterprint', () => again(fitting()))
  addEventListener('scroll', () => { tip.hidden = true }, { passive: true })
}
`
