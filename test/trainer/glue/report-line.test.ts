import { describe, expect, it } from 'vitest'
import { type Report, ReportParser } from '../../../src/backends/real-time/report-line.js'

const parsed = (text: string): Report[] => {
  const reports: Report[] = []
  const parser = new ReportParser({ report: (report) => reports.push(report) })
  parser.push(Buffer.from(text))
  parser.end()
  expect(parser.unreadable).toBe(0)
  return reports
}

// As the programs printed them; the Python tests hold the two to each other.
describe('the lines of Python programs', () => {
  it("reads the line of Syne Tune 0.16.0's Reporter", () => {
    const line =
      '[tune-metric]: {"epoch": 1, "a": NaN, "st_worker_timestamp": 1795442015.4908974, "st_worker_time": 8.341998182004318e-06, "st_worker_iter": 0}\n'
    expect(parsed(line)).toEqual([
      {
        epoch: 1,
        a: NaN,
        st_worker_timestamp: 1795442015.4908974,
        st_worker_time: 8.341998182004318e-6,
        st_worker_iter: 0,
      },
    ])
  })

  it('reads the line of report.py', () => {
    const line = '[tune-metric]: {"a": NaN, "b": Infinity, "c": -Infinity, "note": "a \\"b\\" {c}", "d": true}\n'
    expect(parsed(line)).toEqual([{ a: NaN, b: Infinity, c: -Infinity, note: 'a "b" {c}', d: true }])
  })
})
