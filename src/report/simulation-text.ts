/** What a simulation assumes about the machinery around a training, in words. Pure. */
import { formatDuration, formatSize, listed } from './format.js'

/** Settings that differ from their defaults, without a full stop; all of them stand in the manifest. */
export function simulationText(simulation: Readonly<Record<string, unknown>>): string {
  const faults = (simulation['faults'] ?? {}) as Readonly<Record<string, unknown>>
  const trials = Array.isArray(faults['trials']) ? faults['trials'] : []
  const fault = FAULTS[String(faults['kind'])] ?? 'fail'
  const { startup, decision, lookup } = simulation
  const nearest = (lookup as { readonly nearest?: unknown } | undefined)?.nearest
  const said = [
    positive(startup) || startup === 0 ? `a training starts within ${formatDuration(Number(startup))}` : '',
    lasting(simulation['stopDelay'], (time) => `a worker stays busy for ${time} after a stop or pause`),
    lasting(simulation['resultDelay'], (time) => `reports arrive ${time} late`),
    simulation['checkpoints'] === false ? 'paused trials start over' : '',
    lasting(simulation['checkpointSave'], (time) => `a checkpoint takes ${time} to save`),
    lasting(simulation['checkpointRestore'], (time) => `a checkpoint takes ${time} to restore`),
    decision === 'measured' ? 'decisions take their real time' : '',
    lasting(decision, (time) => `a start waits ${time} for its decision`),
    lasting(simulation['pollInterval'], (time) => `the tuner looks at its trials every ${time}`),
    nearest === undefined ? '' : `configurations off a table are answered by the ${String(nearest)} nearest`,
    positive(faults['rate']) ? `${formatSize(Number(faults['rate']))} of the attempts ${fault}` : '',
    trials.length === 0 ? '' : `attempts of the trials ${listed(trials.map(String))} ${fault}`,
  ].filter((text) => text !== '')
  return said.length === 0 ? 'no delays and no faults were added' : said.join('; ')
}

const FAULTS: Readonly<Record<string, string>> = { fail: 'fail', hang: 'hang', lost: 'lose their machine' }

function positive(value: unknown): boolean {
  return typeof value === 'number' && value > 0
}

function lasting(seconds: unknown, textOf: (time: string) => string): string {
  return positive(seconds) ? textOf(formatDuration(Number(seconds))) : ''
}
