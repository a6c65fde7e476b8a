import { ngramRecording } from '../ngram.js'

export default ngramRecording({
  task: 'cola',
  title: 'Corpus of Linguistic Acceptability',
  folder: 'CoLA',
  testFile: 'dev.tsv',
  metrics: ['matthews'],
  configurations: [400, 40],
})
