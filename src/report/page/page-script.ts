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
  let views = []
  const draw = (name) => {
    for (const view of views) view.finalize()
    views = charts.map(({ id, spec }) => {
      const container = document.getElementById('chart-' + id)
      const room = container.clientWidth
      // As many names beside one another as fit: about seven pixels a letter, and room for the axis and the symbols.
      const names = spec.layer.flatMap(({ encoding }) => encoding.color?.legend?.values ?? [])
      const longest = 7 * Math.max(0, ...names.map((name) => name.length))
      const config = structuredClone(themes[name])
      config.legend.columns = Math.max(1, Math.min(6, Math.floor((room - 60) / (longest + 50))))
      config.legend.labelLimit = room - 110
      config.axis.labelLimit = Math.floor(room * 0.34)
      const compiled = vegaLite.compile({ ...spec, autosize: { type: 'fit-x', contains: 'padding', resize: true }, config }, { logger: quiet }).spec
      const view = new vega.View(vega.parse(compiled, {}, { ast: true }), {
        expr: vegaInterpreter, renderer: 'svg', container, hover: true, tooltip, loader: nothing, logLevel: vega.Error,
      })
      view.run()
      return view
    })
  }
  const fitting = () => (dark.matches && !matchMedia('print').matches ? 'dark' : 'light')
  draw(fitting())
  dark.addEventListener('change', () => draw(fitting()))
  addEventListener('beforeprint', () => draw('light'))
  addEventListener('afterprint', () => draw(fitting()))
  addEventListener('scroll', () => { tip.hidden = true }, { passive: true })
}
`
