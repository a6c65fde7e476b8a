/** A scrambled Halton sequence. */
import { z } from 'zod'
import { varying } from '../space.js'
import { defineSearcher } from './definition.js'
import { drawOptions } from './draws.js'
import { HaltonSequence } from './halton-sequence.js'
import { SequenceSearcher } from './sequence-searcher.js'

const haltonOptions = z.strictObject(drawOptions)

export const halton = defineSearcher({
  summary: 'Points of a scrambled Halton sequence: evenly spread, for any number of hyperparameters.',
  reference: 'Halton 1960, On the Efficiency of Certain Quasi-Random Sequences of Points; Owen 2017',
  options: haltonOptions,
  create: (options, context) => {
    const dimensions = varying(context.source.space).length
    return new SequenceSearcher(
      options,
      context,
      new HaltonSequence(dimensions, context.random.stream('searcher/halton')),
    )
  },
})
