/** Reports in headless Chromium, from disk: nothing goes wrong, nothing is loaded, all can be read. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '../../src/publish/write-report.js'
import { HOSTILE } from '../report/hostile.js'
import { makeRuns } from '../report/runs.js'
import { browserPath, missing } from './browser.js'
import { FRAME, exampleRuns } from './example.js'

if (missing !== undefined) console.warn(missing)

/** Kept where SCREENSHOTS names a folder, to be looked at. */
const SCREENSHOTS = process.env['SCREENSHOTS']

const WIDTHS = [
  ['desktop', 1200],
  ['phone', 390],
] as const
const SCHEMES = ['light', 'dark'] as const

interface Opened {
  readonly page: Page
  /** What the page said or asked for that it should not have. */
  readonly complaints: readonly string[]
}

/** What is used of an element in the page; these tests are compiled without the types of a browser. */
interface ElementLike {
  readonly textContent: string | null
  getAttribute(name: string): string | null
  getBoundingClientRect(): Omit<Box, 'text'>
  querySelectorAll(selector: string): Iterable<ElementLike>
}

/** A box on the page. */
interface Box {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

describe.skipIf(missing !== undefined)('reports in a browser', () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rungbench-browser-'))
    // A container mostly runs as root, where Chromium has no sandbox; what it opens was written here.
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] })
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function report(name: string, runs: ReturnType<typeof makeRuns>): string {
    const directory = join(folder, name)
    mkdirSync(directory)
    return writeReport(directory, runs.manifest, runs.set, FRAME).html
  }

  async function open(path: string, width = 1200, colorScheme: (typeof SCHEMES)[number] = 'light'): Promise<Opened> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    const url = pathToFileURL(path).href
    page.on('request', (request) => {
      if (request.url() !== url) complaints.push(`request: ${request.url()}`)
    })
    await page.goto(url)
    await drawAll(page)
    return { page, complaints }
  }

  /** Goes through a page, whose charts are drawn when they come near. */
  async function drawAll(page: Page): Promise<void> {
    for (const chart of await page.locator('.chart').all()) {
      await chart.scrollIntoViewIfNeeded()
      await chart.locator('svg').waitFor()
    }
    await page.evaluate('scrollTo(0, 0)')
  }

  /** The boxes of all texts of a chart, with that of the chart first. */
  function textsOf(page: Page, chart: string): Promise<Box[]> {
    return page.locator(`#${chart} svg`).evaluate((svg) => {
      const box = (element: ElementLike, text: string): Box => {
        const { x, y, width, height } = element.getBoundingClientRect()
        return { text, x, y, width, height }
      }
      const chart = svg as unknown as ElementLike
      // Labels that would overlap are there, but not to be seen.
      const seen = Array.from(chart.querySelectorAll('text')).filter((text) => text.getAttribute('opacity') !== '0')
      return [box(chart, ''), ...seen.map((text) => box(text, text.textContent ?? ''))]
    })
  }

  /** Every text of every chart lies within it, apart from all others. */
  async function expectReadable(page: Page): Promise<void> {
    const charts = await page.locator('.chart').evaluateAll((all) => all.map(({ id }) => id))
    expect(charts.length).toBe(7)
    for (const chart of charts) {
      const [whole, ...texts] = await textsOf(page, chart)
      const shown = texts.filter(({ text, width: w }) => text !== '' && w > 0)
      expect(shown.length).toBeGreaterThan(5)
      for (const [i, one] of shown.entries()) {
        const inside = one.x >= whole!.x - 1 && one.x + one.width <= whole!.x + whole!.width + 1
        expect([chart, one.text, inside]).toEqual([chart, one.text, true])
        for (const other of shown.slice(i + 1)) {
          const apart =
            one.x + one.width <= other.x + 1 ||
            other.x + other.width <= one.x + 1 ||
            one.y + one.height <= other.y + 2 ||
            other.y + other.height <= one.y + 2
          expect([chart, one.text, other.text, apart]).toEqual([chart, one.text, other.text, true])
        }
      }
    }
  }

  it.each(WIDTHS.flatMap(([name, width]) => SCHEMES.map((scheme) => [name, width, scheme] as const)))(
    'on a %s (%d pixels), %s: no error, no request, no text cut off or over another',
    async (name, width, scheme) => {
      const { page, complaints } = await open(report(`${name}-${scheme}`, exampleRuns()), width, scheme)
      expect(complaints).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
      await expectReadable(page)
      if (SCREENSHOTS !== undefined)
        await page.screenshot({ path: join(SCREENSHOTS, `${name}-${scheme}.png`), fullPage: true })
      await page.close()
    },
    300_000,
  )

  it('breaks long names and titles into lines on a phone', async () => {
    const runs = exampleRuns({ easy: 'ngram-mrpc-modelled-instances', metric: 'test_pearson_error', kind: 'modelled' })
    const { page, complaints } = await open(report('long', runs), 390)
    expect(complaints).toEqual([])
    await expectReadable(page)
    const texts = (await textsOf(page, 'chart-improvement')).map(({ text }) => text)
    expect(texts.filter((text) => text.includes('…'))).toEqual([])
    expect(texts).toContain('ngram-mrpc-modelled-instances')
    // Two lines, which are read as one text.
    expect(texts).toContain('improvement of test_pearson_errorover default (%)')
    for (const caption of await page.locator('figcaption span').allTextContents())
      expect(caption).toMatch(/^Modelled: /)
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, 'long.png'), fullPage: true })
    await page.close()
  }, 300_000)

  it('shows what lies under the pointer, and nothing beside it', async () => {
    const { page } = await open(report('pointer', exampleRuns()))
    const tip = page.locator('#tip')
    expect(await tip.isVisible()).toBe(false)
    const chart = page.locator('#chart-incumbent-1 svg')
    await chart.scrollIntoViewIfNeeded()
    // Scrolling ends some time after it was asked for, and hides what the pointer had shown.
    const point = async (right: number, down: number): Promise<boolean> => {
      const { x, y, width, height } = (await chart.boundingBox())!
      await page.mouse.move(x + width * right, y + height * down)
      await page.mouse.move(x + width * right + 1, y + height * down)
      return tip.isVisible()
    }
    await expect.poll(() => point(0.65, 0.3)).toBe(true)
    expect(await tip.textContent()).toMatch(
      /^at \d+(\.\d+)? s\ndefault: 0\.3 \(.*\)\nasha: 0\.255 \(.*\)\nrandom-search: 0\.282 /,
    )
    await expect.poll(() => point(0.5, -0.2)).toBe(false)
    await page.close()
  })

  it('changes its colours with the reader’s, and prints light', async () => {
    const { page, complaints } = await open(report('colours', exampleRuns()), 1200, 'dark')
    const color = (): Promise<string | null> =>
      page.locator('#chart-improvement .role-axis-label text').first().getAttribute('fill')
    await expect.poll(color).toBe('#e8eaed')
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(color).toBe('#1b1f24')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(color).toBe('#e8eaed')
    await page.evaluate('dispatchEvent(new Event("beforeprint"))')
    await expect.poll(color).toBe('#1b1f24')
    expect(complaints).toEqual([])
    await page.close()
  })

  it('draws what is near; all of it for paper, or where the browser cannot say what is near', async () => {
    const path = report('lazy', exampleRuns())
    const page = await browser.newPage({ viewport: { width: 1200, height: 400 } })
    await page.goto(pathToFileURL(path).href)
    await page.locator('.chart svg').first().waitFor()
    const [charts, drawn] = [page.locator('.chart'), page.locator('.chart svg')]
    expect(await drawn.count()).toBeLessThan(await charts.count())
    await page.evaluate('dispatchEvent(new Event("beforeprint"))')
    expect(await drawn.count()).toBe(await charts.count())
    await page.evaluate('dispatchEvent(new Event("afterprint"))')
    await charts.last().scrollIntoViewIfNeeded()
    expect(await drawn.count()).toBe(await charts.count())
    await page.addInitScript('delete window.IntersectionObserver')
    await page.reload()
    await drawn.first().waitFor()
    expect(await drawn.count()).toBe(await charts.count())
    await page.close()
  }, 300_000)

  it('shows hostile names as text', async () => {
    const cells = HOSTILE.map((method) => ({ table: HOSTILE[0], method, values: [0.4, 0.3] }))
    const runs = makeRuns(cells, { manifest: { baseline: HOSTILE[1], experiment: HOSTILE[2], question: HOSTILE[3] } })
    const { page, complaints } = await open(report('hostile', runs))
    expect(complaints).toEqual([])
    expect(await page.locator('h1').textContent()).toBe(HOSTILE[3])
    expect(await page.locator('main img, main script, main iframe, main a').count()).toBe(0)
    const methods = await page.locator('h3:text-is("Results") + .scroll td:nth-child(2)').allTextContents()
    expect(methods).toEqual([...HOSTILE])
    await page.close()
  })

  it('draws quantiles instead of dots with 1,000 seeds', async () => {
    const values = Array.from({ length: 1000 }, (_, i) => 0.3 + (i % 97) / 1000)
    const cells = ['a', 'b', 'c'].flatMap((table) =>
      [1, 2, 3, 4].map((n) => ({ table, method: `method ${n}`, values })),
    )
    const path = report('many', makeRuns(cells, { manifest: { baseline: 'method 1' } }))
    const { page, complaints } = await open(path)
    expect(complaints).toEqual([])
    expect(await page.locator('.chart svg').count()).toBe(9)
    // Four boxes and four means.
    expect(await page.locator('#chart-final-1 .mark-rect path').count()).toBe(8)
    expect(await page.locator('#chart-final-1 .mark-symbol path').count()).toBe(0)
    await page.close()
  })
})
