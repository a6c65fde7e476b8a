/** A recording's program as the local backend runs it: for a table as for a run. */
import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Program } from '../backends/local/program.js'
import type { ResourceNeeds } from '../backends/local/resources/resources.js'
import { type Recording, programDirectory } from './recording.js'

/** @param dataDir the folder with the data; needed if the program takes data */
export function trainingProgram({ program, resource }: Recording, dataDir: string | undefined): Program {
  const fixed = { ...program.arguments }
  if (program.dataArgument !== undefined) fixed[program.dataArgument] = resolve(dataDir!)
  if (program.levelsArgument !== undefined) fixed[program.levelsArgument] = resource.levels
  const directory = programDirectory(program)
  const ownDirectory = program.workingDirectory === 'trial'
  return {
    command: ownDirectory ? program.command.map((part) => fromAnywhere(part, directory)) : program.command,
    arguments: fixed,
    env: program.env ?? {},
    ...(ownDirectory ? { ownDirectory } : { workingDirectory: directory }),
    seedArgument: program.seedArgument ?? 'seed',
  }
}

/** What the program's trainings need of a machine. */
export function trainingNeeds({ program }: Recording, workers: number): ResourceNeeds {
  return { workers, gpusPerTrial: program.gpus, environment: { ...process.env, ...program.env } }
}

/** A part of a command that is a path of a file below the program's folder, as an absolute path. */
function fromAnywhere(part: string, directory: string): string {
  if (isAbsolute(part) || !/[./\\]/.test(part)) return part
  const path = join(directory, part)
  return existsSync(path) ? path : part
}
