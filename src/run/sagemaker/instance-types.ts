/** Instance types that trials ask for, held against those that a configuration allows and those that are known. */
import type { SageMakerConfig } from '../../backends/sagemaker/config.js'
import { isUsualRegion } from '../../backends/sagemaker/places.js'
import { TYPE_NAMES } from '../../backends/sagemaker/reserved.js'
import { invalid, show } from '../../core/errors.js'
import { nearestName } from '../../core/nearest-name.js'
import type { Space, Value } from '../../core/space.js'
import { type PriceList, familyOf } from '../../instances/price-list.js'

/**
 * The instance types that a space can draw, or the one that all trials get.
 *
 * @throws BenchError for one that the configuration does not allow, or where the space has no choice of them
 */
export function typesOf(
  space: Space,
  { instanceTypes }: Pick<SageMakerConfig, 'instanceTypes'>,
  prices: PriceList,
): readonly string[] {
  const domain = TYPE_NAMES.map((name) => space[name]).find((one) => one !== undefined)
  if (domain === undefined) return [instanceTypes[0]!]
  if (!('value' in domain) && !('values' in domain))
    throw invalid('instance_type', domain.type, 'must be a choice of instance types')
  const types = 'value' in domain ? [String(domain.value)] : (domain.values as readonly Value[]).map(String)
  const lacking = types.filter((type) => !instanceTypes.includes(type))
  if (lacking.length === 0) return types
  for (const type of unknownTypes(instanceTypes, prices)) {
    const near = nearType(type, lacking)
    if (near !== undefined)
      throw invalid(
        'sagemaker.instanceTypes',
        type,
        `must be types that exist; ${prices.source} does not know this one`,
        `did you mean ${show(near)}, which trials may ask for?`,
      )
  }
  throw invalid(
    'sagemaker.instanceTypes',
    instanceTypes,
    `must have every type that trials may ask for, also ${lacking.join(', ')}`,
    'add what is missing',
  )
}

/** What looks wrong in a configuration and may be right: types and regions that are new. A line each. */
export function notesOn(
  { instanceTypes, region }: Pick<SageMakerConfig, 'instanceTypes' | 'region'>,
  prices: PriceList,
): readonly string[] {
  const names = prices.types.map(({ name }) => name)
  const notes = unknownTypes(instanceTypes, prices).map((type) => {
    const near = nearType(type, names)
    return (
      `sagemaker.instanceTypes has ${show(type)}, which ${prices.source} does not know: what jobs on it cost is not known` +
      (near === undefined ? '; see "bench instances"' : `; did you mean ${show(near)}?`)
    )
  })
  if (!isUsualRegion(region))
    notes.push(`sagemaker.region ${show(region)} is named as no known region of AWS is; unless it is new, correct it`)
  return notes
}

/** What to do about a type without a price. */
export function priceCure(type: string, prices: PriceList): string {
  const near = nearType(
    type,
    prices.types.map(({ name }) => name),
  )
  const list = 'give a list with "prices" in the configuration'
  return near === undefined || near === type ? list : `did you mean ${show(near)}? Else ${list}`
}

function unknownTypes(types: readonly string[], prices: PriceList): readonly string[] {
  return types.filter((type) => !prices.types.some(({ name }) => name === type))
}

/** The type of the same family whose size may have been meant: families are so short that any two are near each other. */
function nearType(type: string, known: readonly string[]): string | undefined {
  const sizeOf = (one: string): string => one.slice(one.lastIndexOf('.') + 1)
  const family = known.filter((one) => familyOf(one) === familyOf(type))
  const size = nearestName(sizeOf(type), family.map(sizeOf))
  return family.find((one) => sizeOf(one) === size)
}
