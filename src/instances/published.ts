/** What is published about the processors and GPUs of instance families: the inputs of the speed rule. */

/** A published figure and who published it. */
export interface Published {
  readonly value: number
  readonly source: string
}

/** When the figures below were written down here; most of their sources bear no date. */
export const FIGURES_NOTED = '2026-11-23'

const EC2 = 'Amazon EC2, DescribeInstanceTypes: ProcessorInfo.SustainedClockSpeedInGhz'

/** Sustained clock in GHz of the processors of a CPU family. */
export const FAMILY_GHZ: Readonly<Record<string, Published>> = {
  m5: { value: 3.1, source: EC2 },
  c5: { value: 3.4, source: EC2 },
  c5n: { value: 3.4, source: EC2 },
  c4: { value: 2.9, source: EC2 },
  m4: { value: 2.3, source: 'Amazon EC2, instance types: 2.3 GHz E5-2686 v4 or 2.4 GHz E5-2676 v3; the lower one' },
}

/** The GPU of a GPU family, as in {@link GPU_BANDWIDTH}. */
export const FAMILY_GPU: Readonly<Record<string, string>> = {
  p2: 'K80',
  p3: 'V100',
  p3dn: 'V100',
  p4d: 'A100 40GB',
  g4dn: 'T4',
  g5: 'A10G',
}

const SHEET = 'NVIDIA data sheet'

/** Memory bandwidth of one GPU in GB/s, as published. Variants whose bandwidth differs are entries of their own. */
export const GPU_BANDWIDTH: Readonly<Record<string, Published>> = {
  K80: { value: 240, source: `${SHEET} (480 GB/s for the two GPUs of a board)` },
  V100: { value: 900, source: SHEET },
  'A100 40GB': { value: 1555, source: SHEET },
  'A100 80GB PCIe': { value: 1935, source: SHEET },
  'A100 80GB SXM': { value: 2039, source: SHEET },
  T4: { value: 320, source: SHEET },
  A10G: { value: 600, source: SHEET },
  'H100 PCIe': { value: 2000, source: `${SHEET}; product brief PB-11133-001, November 2022` },
  'H100 SXM': { value: 3350, source: SHEET },
  'H200 SXM': { value: 4800, source: SHEET },
}

/**
 * By what a driver calls a GPU, its words in capitals and without the maker's, which entry of {@link GPU_BANDWIDTH} it is.
 * A name with any other word is another variant: a slice of a GPU, another board.
 */
export const GPU_NAMES: readonly {
  readonly gpu: string
  readonly needs: readonly string[]
  readonly may: readonly string[]
}[] = [
  { gpu: 'K80', needs: ['K80'], may: [] },
  { gpu: 'V100', needs: ['V100'], may: ['SXM2', 'PCIE', '16GB', '32GB'] },
  { gpu: 'A100 40GB', needs: ['A100', '40GB'], may: ['SXM4', 'PCIE'] },
  { gpu: 'A100 80GB PCIe', needs: ['A100', '80GB', 'PCIE'], may: [] },
  { gpu: 'A100 80GB SXM', needs: ['A100', '80GB', 'SXM4'], may: [] },
  { gpu: 'T4', needs: ['T4'], may: ['16GB'] },
  { gpu: 'A10G', needs: ['A10G'], may: ['24GB'] },
  { gpu: 'H100 PCIe', needs: ['H100', 'PCIE'], may: ['80GB'] },
  { gpu: 'H100 SXM', needs: ['H100', 'HBM3'], may: ['80GB'] },
  { gpu: 'H100 SXM', needs: ['H100', 'SXM5'], may: ['80GB', 'HBM3'] },
  { gpu: 'H200 SXM', needs: ['H200'], may: ['SXM', '141GB', 'HBM3E'] },
]

/** A figure by name, or undefined; never what every object has, such as `toString`. */
export function lookUp<T>(figures: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(figures, name) ? figures[name] : undefined
}
