/** Means, standard deviations and Student's t intervals. Pure; checked against jstat and published tables in the tests. */

/** What a sample of numbers comes to. */
export interface Summary {
  /** How many numbers. */
  readonly n: number
  readonly mean: number
  /** Sample standard deviation (n - 1 in the denominator); null for a single number, and where it overflows. */
  readonly std: number | null
  /** Two-sided 95 % interval of the mean by Student's t; null likewise. */
  readonly ci95: Interval | null
}

/** [low, high] */
export type Interval = readonly [number, number]

/** Arithmetic mean; NaN for no numbers. */
export function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** Squares below and above lose digits or overflow. */
const [TINY, HUGE] = [1e-150, 1e150]

/** Sample standard deviation by the two-pass formula; null for fewer than two numbers. */
export function sampleStd(values: readonly number[]): number | null {
  const n = values.length
  if (n < 2) return null
  const centre = mean(values)
  const farthest = values.reduce((most, value) => Math.max(most, Math.abs(value - centre)), 0)
  if ((farthest > 0 && farthest < TINY) || farthest > HUGE) {
    const scaled = sampleStd(values.map((value) => (value - centre) / farthest))
    return scaled === null ? null : scaled * farthest
  }
  let squares = 0
  let rest = 0
  for (const value of values) {
    squares += (value - centre) ** 2
    rest += value - centre
  }
  // `rest` is what rounding left of the mean; without it equal numbers can have a spread above 0.
  return Math.sqrt(Math.max(0, squares - rest ** 2 / n) / (n - 1))
}

/** Mean, standard deviation and 95 % interval of a sample; null for no numbers. */
export function summarise(values: readonly number[]): Summary | null {
  const n = values.length
  if (n === 0) return null
  const centre = mean(values)
  const std = sampleStd(values)
  if (std === null || !Number.isFinite(std)) return { n, mean: centre, std: null, ci95: null }
  const half = (tQuantile(0.975, n - 1) * std) / Math.sqrt(n)
  return { n, mean: centre, std, ci95: [centre - half, centre + half] }
}

/**
 * Quantile of Student's t distribution: the t with P(T <= t) = p.
 *
 * Bisection on the distribution function, to the last bits of a double.
 *
 * @param p in (0, 1)
 * @param df degrees of freedom, positive
 */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`p must lie between 0 and 1, got ${p}`)
  if (!(df > 0)) throw new RangeError(`df must be positive, got ${df}`)
  if (p === 0.5) return 0
  if (p < 0.5) return -tQuantile(1 - p, df)
  const upperTail = 1 - p
  let low = 0
  let high = 1
  while (tUpperTail(high, df) > upperTail) {
    low = high
    high *= 2
  }
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (tUpperTail(middle, df) > upperTail) low = middle
    else high = middle
  }
}

/** P(T > t) for t >= 0: half the regularised incomplete beta function I_x(df/2, 1/2) at x = df / (df + t²). */
function tUpperTail(t: number, df: number): number {
  const square = t * t
  return incompleteBeta(df / (df + square), square / (df + square), df / 2, 0.5) / 2
}

/** Regularised incomplete beta function I_x(a, b). @param y 1 - x, given apart because the difference loses digits */
export function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (y <= 0) return 1
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) - logBeta(a, b))
  // The continued fraction converges fast below the mean of the distribution; above it the mirrored one does.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(y, b, a)) / b
}

/** Continued fraction of the incomplete beta function by Lentz's method (Abramowitz and Stegun 26.5.8). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / away(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    const factor = d * c
    fraction *= factor
    if (Math.abs(factor - 1) < 1e-16) break
  }
  return fraction
}

/** log B(a, b) = log Γ(a) + log Γ(b) - log Γ(a + b) */
function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** Lanczos approximation, g = 7, n = 9; relative error below 1e-14 for positive arguments. */
const LANCZOS = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_59, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6,
  1.505_632_735_149_311_6e-7,
]

function logGamma(z: number): number {
  const x = z - 1
  const t = x + 7.5
  let sum = LANCZOS[0]!
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x + i)
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(sum)
}
