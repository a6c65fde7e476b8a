/** What is published holds what its documents link to. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] }

/** Relative links of a document to files and folders. */
function links(document: string): string[] {
  const targets = [...readFileSync(document, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target!)
  return targets.filter((target) => !target.includes(':')).map((target) => join(dirname(document), target))
}

/** Whether a file or folder is published: it or a folder above it is listed, and it is there. */
function isPublished(path: string): boolean {
  return existsSync(path) && files.some((entry) => path === entry || path.startsWith(`${entry}/`))
}

it.each(['README.md', 'examples/own-scheduler/README.md'])('%s links to what is published only', (document) => {
  expect(isPublished(document)).toBe(true)
  expect(links(document).length).toBeGreaterThan(0)
  expect(links(document).filter((link) => !isPublished(link))).toEqual([])
})

it('every document is published, and its links lead to files that exist', () => {
  const documents = readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [join('docs', name)] : []))
  expect(documents.filter((document) => !isPublished(document))).toEqual([])
  expect(documents.flatMap(links).filter((link) => !existsSync(link))).toEqual([])
})
