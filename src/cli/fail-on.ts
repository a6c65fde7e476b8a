/** The conditions of `bench compare --fail-on`. */
import { BenchError, invalid, show } from '../core/errors.js'
import { suggestion } from '../core/nearest-name.js'
import { type FailCondition, MEASURES } from '../report/regressions.js'

const CURE = "write --fail-on 'regret>2%' or --fail-on 'hypervolume<-2%'"

/**
 * `regret>X%` (X at least 0) or `hypervolume<-X%`; blanks do not matter.
 *
 * @throws BenchError for another measure or grammar
 */
export function parseFailOn(text: string): FailCondition {
  const match = /^\s*([a-z_-]+)\s*([<>])\s*(-?)\s*(\d+(?:\.\d+)?|\.\d+)\s*%\s*$/i.exec(text)
  if (match === null) throw invalid('--fail-on', text, 'must be a measure, > or <, and a percentage', CURE)
  const [, name, sign, minus, digits] = match
  const measure = MEASURES.find((known) => known === name)
  if (measure === undefined)
    throw new BenchError(`--fail-on knows no measure ${show(name)}${suggestion(name!, MEASURES)}`)
  const limit = Number(digits) / 100
  if (measure === 'regret' && (sign !== '>' || minus === '-'))
    throw invalid('--fail-on', text, 'must look for more regret: regret>X%', CURE)
  if (measure === 'hypervolume' && (sign !== '<' || minus !== '-'))
    throw invalid('--fail-on', text, 'must look for a loss of hypervolume: hypervolume<-X%', CURE)
  return { text: text.replaceAll(/\s/g, ''), measure, limit: measure === 'regret' ? limit : -limit }
}
