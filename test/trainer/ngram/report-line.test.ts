import { describe, expect, it } from 'vitest'
import { reportLine, writeNow } from '../../../trainer/ngram/report-line.js'

describe('reportLine', () => {
  it('is one tagged line of JSON, with the token NaN', () => {
    expect(reportLine({ epoch: 1, a: 0.5, b: Number.NaN, c: Infinity })).toBe(
      '[tune-metric]: {"epoch":1,"a":0.5,"b":NaN,"c":NaN}\n',
    )
  })
})

describe('writeNow', () => {
  const failure = (code: string): Error => Object.assign(new Error(code), { code })

  it('goes on after short writes and full pipes', () => {
    let written = ''
    let calls = 0
    const write = (bytes: Uint8Array): number => {
      if (calls++ % 2 === 0) throw failure('EAGAIN')
      written += Buffer.from(bytes.subarray(0, 3)).toString()
      return Math.min(3, bytes.length)
    }
    expect(writeNow('12345678', write)).toBe(true)
    expect(written).toBe('12345678')
  })

  it('tells when the reader has gone, and fails for the rest', () => {
    const broken = (code: string) => (): number => {
      throw failure(code)
    }
    expect(writeNow('x', broken('EPIPE'))).toBe(false)
    expect(() => writeNow('x', broken('ENOSPC'))).toThrow('ENOSPC')
  })
})
