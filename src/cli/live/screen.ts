/** Lines that are drawn over again in their place at the bottom of a terminal. */

export interface ScreenSize {
  readonly columns: number
  readonly rows: number
}

const UP = (lines: number): string => (lines === 0 ? '\r' : `\r\u001B[${lines}A`)
const ERASE_LINE = '\u001B[K'
const ERASE_BELOW = '\u001B[J'
/** Lines that are too long are cut, not wrapped: characters may be wider than they are counted. */
const NO_WRAP = '\u001B[?7l'
const WRAP = '\u001B[?7h'

export class Screen {
  readonly #write: (text: string) => void
  readonly #size: () => ScreenSize
  /** How wide each drawn line is. */
  #drawn: readonly number[] = []

  constructor(write: (text: string) => void, size: () => ScreenSize) {
    this.#write = write
    this.#size = size
  }

  /** The room there is: one line is left for the cursor. */
  get room(): ScreenSize {
    const { columns, rows } = this.#size()
    return { columns: Math.max(20, columns), rows: Math.max(3, rows - 1) }
  }

  /** Puts lines in the place of those drawn before. */
  draw(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}${ERASE_LINE}\n`).join('')
    this.#write(`${this.#back()}${NO_WRAP}${text}${WRAP}${ERASE_BELOW}`)
    // eslint-disable-next-line no-control-regex
    this.#drawn = lines.map((line) => line.replaceAll(/\u001B\[[\d;]*m/g, '').length)
  }

  /** Erases what was drawn. */
  clear(): void {
    if (this.#drawn.length > 0) this.#write(`${this.#back()}${ERASE_BELOW}`)
    this.#drawn = []
  }

  /** Leaves what was drawn where it is: somebody else wrote below it. */
  release(): void {
    this.#drawn = []
  }

  /** To the first of the drawn lines. A terminal that became narrower has broken them into several. */
  #back(): string {
    const { columns, rows } = this.#size()
    const lines = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / Math.max(1, columns))), 0)
    return UP(Math.min(lines, Math.max(0, rows - 1)))
  }
}
