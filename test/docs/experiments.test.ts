/** What docs/experiments.md says was measured with what runs now: the digests that it quotes are those of its commands. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listExperiments, loadExperiment } from '../../src/run/catalogue.js'
import { runExperiment } from '../../src/run/run-experiment.js'

const text = readFileSync('docs/experiments.md', 'utf8')
const commands = [...text.matchAll(/^bench run (\S+) --seeds (\d+) +# digest ([0-9a-f]{16})$/gm)].map(
  ([, experiment, seeds, digest]) => ({ experiment: experiment!, seeds: Number(seeds), digest: digest! }),
)

describe('docs/experiments.md', () => {
  it.each(commands)('bench run $experiment --seeds $seeds has the digest $digest', async (command) => {
    const { set } = await runExperiment(await loadExperiment(command.experiment), { seeds: command.seeds, out: false })
    expect(set.digest.slice(0, 16)).toBe(command.digest)
  })

  it('names every experiment that ships', () => {
    expect(commands.length).toBeGreaterThan(5)
    for (const { name } of listExperiments()) expect(text).toContain(`\`${name}\``)
  })

  it('has its pictures', () => {
    const pictures = [...text.matchAll(/!\[[^\]]+\]\((pictures\/[\w-]+\.svg)\)/g)].map(([, path]) => path!)
    expect(pictures.length).toBeGreaterThan(6)
    expect(pictures.filter((path) => !existsSync(`docs/${path}`))).toEqual([])
  })
})
