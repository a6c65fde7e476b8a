/** Pages: what is folded up. */
import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../../src/report/page/html.js'
import { reportOf } from '../../../src/report/sections.js'
import { makeRuns } from '../runs.js'

const parts = { libraries: [], hashOf: () => "'sha256-x'" }
const frame = { repeat: undefined, elapsedSeconds: undefined }

function page(tables: number): string {
  const cells = Array.from({ length: tables }, (_, t) => [
    { table: `t${t}`, method: 'default', values: [0.5, 0.52, 0.5, 0.49, 0.5] },
    { table: `t${t}`, method: 'a', values: [0.4, 0.41, 0.4, 0.39, 0.4] },
  ]).flat()
  const { manifest, set } = makeRuns(cells)
  return renderHtml(reportOf(manifest, set, frame), parts)
}

describe('a page', () => {
  it('says once above a row of pictures how to read them, and below their titles what differs', () => {
    const html = page(2)
    expect(html.split('Chosen by validation, shown at its test_error; mean over 5 seeds').length).toBe(2)
    expect(html).toMatch(
      /<p class="reading">Chosen by validation, [^<]*<\/p>\s*<figure>\s*<figcaption><strong>Best configuration so far on t0<\/strong>/,
    )
  })

  it('holds the plan of a simulated run, and not that of a real one, which names accounts', () => {
    const { manifest, set } = makeRuns([{ values: [0.5, 0.6] }])
    const of = (backend: 'simulated' | 'sagemaker') => renderHtml(reportOf({ ...manifest, backend }, set, frame), parts)
    expect(of('simulated')).toContain(`&quot;key&quot;: &quot;${manifest.key}&quot;`)
    expect(of('sagemaker')).not.toContain('The manifest')
  })

  it('shows short tables and folds long ones up, with their number of rows', () => {
    expect(page(20)).toContain('<h3>Results</h3><div class="scroll"')
    expect(page(21)).toContain('<details class="long"><summary><h3>Results</h3> 42 rows</summary><div class="scroll"')
  })

  it('has a table of signs where there are many settings, and a sentence each where there are few', () => {
    expect(page(6)).toContain('<ul class="answers">')
    expect(page(6)).not.toContain('class="verdicts"')
    expect(page(7)).not.toContain('<ul class="answers">')
    expect(page(7)).toContain('<td class="text">t6</td><td class="text">▲')
  })
})
