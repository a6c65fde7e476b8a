import { ngramRecording } from '../ngram.js'

export default ngramRecording({
  task: 'stsb',
  title: 'Semantic Textual Similarity Benchmark',
  folder: 'STS-B',
  testFile: 'dev.tsv',
  metrics: ['spearman', 'pearson'],
  configurations: [400, 40],
})
