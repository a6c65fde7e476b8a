/** A scrambled Sobol' sequence. */
import { z } from 'zod'
import { BenchError } from '../errors.js'
import type { SearcherContext } from '../searcher.js'
import { varying } from '../space.js'
import { defineSearcher } from './definition.js'
import { drawOptions } from './draws.js'
import { SequenceSearcher } from './sequence-searcher.js'
import { SOBOL_DIMENSIONS, SobolSequence } from './sobol-sequence.js'

const sobolOptions = z.strictObject(drawOptions)

/** @throws BenchError if more hyperparameters vary than there are direction numbers for */
function sobolSequence(context: SearcherContext): SobolSequence {
  const dimensions = varying(context.source.space).length
  if (dimensions > SOBOL_DIMENSIONS)
    throw new BenchError(
      `searcher sobol has direction numbers for ${SOBOL_DIMENSIONS} hyperparameters, but ${dimensions} vary; use random or halton`,
    )
  return new SobolSequence(dimensions, context.random.stream('searcher/sobol'))
}

export const sobol = defineSearcher({
  summary: "Points of a scrambled Sobol' sequence: random-looking, but evenly spread.",
  reference: 'Joe and Kuo 2008, Constructing Sobol Sequences with Better Two-Dimensional Projections; Matousek 1998',
  options: sobolOptions,
  variants: [{ initial: ['default'], draws: 'with-replacement' }],
  create: (options, context) => new SequenceSearcher(options, context, sobolSequence(context)),
})
