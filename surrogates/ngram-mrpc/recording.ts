import { ngramRecording } from '../ngram.js'

export default ngramRecording({
  task: 'mrpc',
  title: 'Microsoft Research Paraphrase Corpus',
  folder: 'MRPC',
  testFile: 'test.tsv',
  metrics: ['accuracy', 'f1'],
  configurations: [600, 60],
})
