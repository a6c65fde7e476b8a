import { glueMinilmRecording } from '../glue-minilm.js'

export default glueMinilmRecording({
  task: 'mrpc',
  title: 'Microsoft Research Paraphrase Corpus',
  folder: 'MRPC',
  testFile: 'test.tsv',
  metrics: ['accuracy', 'f1'],
  configurations: [120, 60],
})
