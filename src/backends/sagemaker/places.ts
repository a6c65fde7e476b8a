/** What follows from the name of a region or of an instance type. */

/** Partitions other than `aws` by the beginnings of their regions. Source: partitions.json of botocore. */
const PARTITIONS: readonly (readonly [region: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
]

/** With what the ARNs of a region begin after `arn:`, e.g. `aws-cn`. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([begin]) => region.startsWith(begin))?.[1] ?? 'aws'
}

/** As partitions.json of botocore has regions: an area of the world, a direction in it, a number. */
const REGION =
  /^(us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[bf]?|eu-isoe|eusc-de)-(central|east|west|(north|south)(east|west)?)-\d$/

/** Whether a region is named as the regions of AWS so far. New ones may not be. */
export function isUsualRegion(region: string): boolean {
  return REGION.test(region)
}

/**
 * Whether machines of a type have local disks, which their own hardware encrypts: the service takes no key for them ("You
 * can't request a VolumeKmsKeyId when using an instance type with local storage": SageMaker API reference, ResourceConfig).
 * A "d" among the letters behind the generation says so (Amazon EC2 instance type naming conventions); these others have
 * them, too (Amazon EC2 instance types, accelerated computing). Of unknown families nothing is said.
 */
export function hasLocalDisks(type: string): boolean {
  const family = type.split('.')[1] ?? ''
  return /^[a-z]+\d+[a-z]*d[a-z]*$/.test(family) || /^(g5|g6|g6e|gr6|p5|p5e|p5en|trn1|trn1n|trn2)$/.test(family)
}
