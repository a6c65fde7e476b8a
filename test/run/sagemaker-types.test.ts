/** Instance types of a configuration against those that trials ask for and those that are known; and regions. */
import { describe, expect, it } from 'vitest'
import { isUsualRegion, partitionOf } from '../../src/backends/sagemaker/places.js'
import { choice } from '../../src/core/space.js'
import { notesOn, priceCure, typesOf } from '../../src/run/sagemaker/instance-types.js'
import { SHIPPED_PRICES } from '../../src/instances/shipped-prices.js'

const region = 'eu-central-1'
const asked = { instance_type: choice(['ml.m5.large', 'ml.c5.xlarge']) }

describe('types that trials ask for', () => {
  it('are those of the space, or the first that is allowed', () => {
    const instanceTypes = ['ml.c5.xlarge', 'ml.m5.large', 'ml.p99.large']
    expect(typesOf(asked, { instanceTypes }, SHIPPED_PRICES)).toEqual(['ml.m5.large', 'ml.c5.xlarge'])
    expect(typesOf({}, { instanceTypes }, SHIPPED_PRICES)).toEqual(['ml.c5.xlarge'])
  })

  it.each([
    [['ml.m5.lorge', 'ml.c5.xlarge'], /must be types that exist; .* got "ml\.m5\.lorge"; did you mean "ml\.m5\.large"/],
    // Both exist: nothing is taken for a typo.
    [['ml.m5.xlarge', 'ml.c5.xlarge'], /must have every type that trials may ask for, also ml\.m5\.large, got \[/],
    [['ml.p99.large', 'ml.c5.xlarge'], /must have every type that trials may ask for, also ml\.m5\.large, got \[/],
  ])('must be allowed: %j', (instanceTypes, message) => {
    expect(() => typesOf(asked, { instanceTypes }, SHIPPED_PRICES)).toThrow(message)
  })
})

describe('notes', () => {
  const notes = (...instanceTypes: string[]) => notesOn({ instanceTypes, region }, SHIPPED_PRICES)

  it('name types that no list knows, and what may have been meant', () => {
    expect(notes('ml.m5.large')).toEqual([])
    expect(notes('ml.m5.lorge')).toEqual([expect.stringMatching(/"ml\.m5\.lorge".*did you mean "ml\.m5\.large"\?$/)])
    expect(notes('ml.p99.large')).toEqual([
      expect.stringMatching(/"ml\.p99\.large".*is not known; see "bench instances"$/),
    ])
    expect(priceCure('ml.m5.lorge', SHIPPED_PRICES)).toMatch(/^did you mean "ml\.m5\.large"\? Else give a list/)
    expect(priceCure('ml.p99.large', SHIPPED_PRICES)).toMatch(/^give a list/)
  })

  it('name regions that are named as none is', () => {
    expect(notesOn({ instanceTypes: ['ml.m5.large'], region: 'eu-centrl-1' }, SHIPPED_PRICES)).toEqual([
      expect.stringMatching(/^sagemaker\.region "eu-centrl-1" is named as no known region/),
    ])
  })
})

it.each([
  ['us-east-1', 'aws'],
  ['ap-southeast-7', 'aws'],
  ['mx-central-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
  ['eusc-de-east-1', 'aws-eusc'],
])('%s is a region of %s', (name, partition) => {
  expect([isUsualRegion(name), partitionOf(name)]).toEqual([true, partition])
})

it.each(['xx-yyyy-1', 'eu-centrl-1', 'us-west', 'northeast-1'])('%s is named as no region is', (name) => {
  expect(isUsualRegion(name)).toBe(false)
})
