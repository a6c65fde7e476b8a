/** What a model family looks at and how wide it is. */
export interface Family {
  /** Single words (and punctuation marks), lower-cased. */
  readonly words: boolean
  /** Two neighbouring words, with marks for the start and the end of the sentence. */
  readonly bigrams: boolean
  /** Shortest and longest run of characters inside one word with its two boundaries; absent: no characters. */
  readonly characters?: readonly [shortest: number, longest: number]
  /** Hash buckets, a power of two: rows of the embedding table. */
  readonly rows: number
  /** Length of an embedding, a multiple of 8. */
  readonly dimension: number
}

/** The model families, by the value of `--model`. `words` is the default. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  'words-narrow': { words: true, bigrams: false, rows: 2 ** 14, dimension: 8 },
  words: { words: true, bigrams: false, rows: 2 ** 15, dimension: 32 },
  'words-wide': { words: true, bigrams: false, rows: 2 ** 15, dimension: 96 },
  bigrams: { words: true, bigrams: true, rows: 2 ** 16, dimension: 32 },
  chars: { words: false, bigrams: false, characters: [3, 3], rows: 2 ** 14, dimension: 32 },
  bag: { words: true, bigrams: true, characters: [3, 3], rows: 2 ** 16, dimension: 16 },
}
