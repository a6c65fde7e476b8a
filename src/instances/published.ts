/** What is published about the processors of instance families: the inputs of the speed rule. */

/** A published figure and who published it. */
export interface Published {
  readonly value: number
  readonly source: string
}

const EC2 = 'Amazon EC2, DescribeInstanceTypes: ProcessorInfo.SustainedClockSpeedInGhz'

/** Sustained clock in GHz of the processors of a CPU family. */
export const FAMILY_GHZ: Readonly<Record<string, Published>> = {
  m5: { value: 3.1, source: EC2 },
  c5: { value: 3.4, source: EC2 },
  c5n: { value: 3.4, source: EC2 },
  c4: { value: 2.9, source: EC2 },
  m4: { value: 2.3, source: 'Amazon EC2, instance types: 2.3 GHz E5-2686 v4 or 2.4 GHz E5-2676 v3; the lower one' },
}

/** The GPU of a GPU family. */
export const FAMILY_GPU: Readonly<Record<string, string>> = {
  p2: 'K80',
  p3: 'V100',
  p3dn: 'V100',
  p4d: 'A100',
  g4dn: 'T4',
  g5: 'A10G',
}

const SHEET = 'NVIDIA data sheet'

/** Memory bandwidth of one GPU in GB/s, as published. */
export const GPU_BANDWIDTH: Readonly<Record<string, Published>> = {
  K80: { value: 240, source: `${SHEET} (480 GB/s for the two GPUs of a board)` },
  V100: { value: 900, source: SHEET },
  A100: { value: 1555, source: `${SHEET} (40 GB)` },
  T4: { value: 320, source: SHEET },
  A10G: { value: 600, source: SHEET },
  H100: { value: 3350, source: `${SHEET} (SXM)` },
  H200: { value: 4800, source: `${SHEET} (SXM)` },
}
