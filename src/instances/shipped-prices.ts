/**
 * SageMaker training instance types with their on-demand prices: facts as published, not rounded.
 *
 * Source: the instance list of Syne Tune 0.13 (March 2024), which does not state the region of its prices. Prices change:
 * give a list of your own with `--prices` where it matters.
 */
import type { PriceList } from './price-list.js'

/** name, vCPUs, memory in GiB, US dollars per hour, GPUs, memory per GPU in GiB */
type Row = readonly [string, number, number, number, number, number]

const ROWS: readonly Row[] = [
  ['ml.m5.large', 2, 8, 0.134, 0, 0],
  ['ml.m5.xlarge', 4, 16, 0.269, 0, 0],
  ['ml.m5.2xlarge', 8, 32, 0.538, 0, 0],
  ['ml.m5.4xlarge', 16, 64, 1.075, 0, 0],
  ['ml.m5.12xlarge', 48, 192, 3.226, 0, 0],
  ['ml.m5.24xlarge', 96, 384, 6.451, 0, 0],
  ['ml.m4.xlarge', 4, 16, 0.28, 0, 0],
  ['ml.m4.2xlarge', 8, 32, 0.56, 0, 0],
  ['ml.m4.4xlarge', 16, 64, 1.12, 0, 0],
  ['ml.m4.10xlarge', 40, 160, 2.8, 0, 0],
  ['ml.m4.16xlarge', 64, 256, 4.48, 0, 0],
  ['ml.c5.xlarge', 4, 8, 0.238, 0, 0],
  ['ml.c5.2xlarge', 8, 16, 0.476, 0, 0],
  ['ml.c5.4xlarge', 16, 32, 0.952, 0, 0],
  ['ml.c5.9xlarge', 36, 72, 2.142, 0, 0],
  ['ml.c5.18xlarge', 72, 144, 4.284, 0, 0],
  ['ml.c4.xlarge', 4, 7.5, 0.279, 0, 0],
  ['ml.c4.2xlarge', 8, 15, 0.557, 0, 0],
  ['ml.c4.4xlarge', 16, 30, 1.114, 0, 0],
  ['ml.c4.8xlarge', 36, 60, 2.227, 0, 0],
  ['ml.c5n.18xlarge', 72, 192, 5.443, 0, 0],
  ['ml.c5n.2xlarge', 8, 21, 0.605, 0, 0],
  ['ml.c5n.4xlarge', 16, 42, 1.21, 0, 0],
  ['ml.c5n.9xlarge', 36, 96, 2.722, 0, 0],
  ['ml.c5n.xlarge', 4, 10.5, 0.302, 0, 0],
  ['ml.p4d.24xlarge', 96, 1152, 37.688, 8, 40],
  ['ml.p3.2xlarge', 8, 61, 3.825, 1, 16],
  ['ml.p3.8xlarge', 32, 244, 14.688, 4, 16],
  ['ml.p3.16xlarge', 64, 488, 28.152, 8, 16],
  ['ml.p3dn.24xlarge', 96, 768, 35.894, 8, 32],
  ['ml.p2.xlarge', 4, 61, 1.125, 1, 12],
  ['ml.p2.8xlarge', 32, 488, 8.64, 8, 12],
  ['ml.p2.16xlarge', 64, 732, 16.56, 16, 12],
  ['ml.g4dn.xlarge', 4, 16, 0.736, 1, 16],
  ['ml.g4dn.2xlarge', 8, 32, 1.053, 1, 16],
  ['ml.g4dn.4xlarge', 16, 64, 1.686, 1, 16],
  ['ml.g4dn.8xlarge', 32, 128, 3.046, 1, 16],
  ['ml.g4dn.12xlarge', 48, 192, 5.477, 4, 16],
  ['ml.g4dn.16xlarge', 64, 256, 6.093, 1, 16],
  ['ml.g5.xlarge', 4, 16, 1.006, 1, 24],
  ['ml.g5.2xlarge', 8, 32, 1.212, 1, 24],
  ['ml.g5.4xlarge', 16, 64, 1.624, 1, 24],
  ['ml.g5.8xlarge', 32, 128, 2.448, 1, 24],
  ['ml.g5.12xlarge', 48, 192, 5.672, 4, 24],
  ['ml.g5.16xlarge', 64, 256, 4.096, 1, 24],
  ['ml.g5.24xlarge', 96, 384, 8.144, 4, 24],
  ['ml.g5.48xlarge', 192, 768, 16.288, 8, 24],
]

/** The price list that ships: 47 types. */
export const SHIPPED_PRICES: PriceList = {
  source: 'Syne Tune 0.13, on-demand prices of SageMaker training; region not stated',
  date: '2024-03',
  types: ROWS.map(([name, vcpus, memoryGiB, usdPerHour, gpus, gpuMemoryGiB]) => ({
    name,
    vcpus,
    memoryGiB,
    usdPerHour,
    gpus,
    gpuMemoryGiB,
  })),
}
