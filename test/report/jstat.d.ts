/** The few functions of jstat that tests compare with. */
declare module 'jstat' {
  export const jStat: {
    mean(values: readonly number[]): number
    spearmancoeff(a: readonly number[], b: readonly number[]): number
    stdev(values: readonly number[], sample: boolean): number
    tci(value: number, alpha: number, values: readonly number[]): [number, number]
    readonly studentt: { inv(p: number, df: number): number }
  }
}
