/** This package and the packages that it needs to run, as files of an archive in which Node finds them. */
import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TarFile } from '../../backends/sagemaker/tar.js'
import { BenchError } from '../../core/errors.js'
import { packageRoot } from '../../package.js'

/** What containers run: machines of SageMaker with the images of Node that are built on Debian. */
export const CONTAINER = { os: 'linux', cpu: 'x64', libc: 'glibc' } as const

const BUILT = ['chunks', 'src', 'experiments', 'surrogates', 'trainer']
/** What of this package is needed where it runs. */
const PARTS = ['package.json', 'LICENSE', 'assets', ...BUILT.map((folder) => `dist/${folder}`)]
const TABLES = 'surrogates'
/** What nobody needs where nothing is developed. */
const LEFT_OUT = /\.(map|d\.[cm]?ts)$|^(node_modules|\.bin|\.cache)$/

interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

/** A package in the archive. */
interface Placed {
  /** Its folder on this machine. */
  readonly from: string
  /** Its folder in the archive. */
  readonly to: string
}

/**
 * The package and its dependencies below `node_modules`, as installed here. Of packages for one system only, those for
 * {@link CONTAINER}.
 *
 * @param lend finds a package that is not installed because it is for another system: its folder
 * @throws BenchError if it is not built or a dependency is missing
 */
export function productFiles(lend: (name: string, version: string) => string): TarFile[] {
  if (!existsSync(join(packageRoot, 'dist/src/cli/bench.js')))
    throw new BenchError(`${packageRoot} is not built, and a launch packs what is built; run "npm run build" there`)
  const root = realpathSync(packageRoot)
  const product = 'node_modules/rungbench'
  const tables = filesBelow(root, TABLES).filter((path) => /\.(arrow|json)$/.test(path))
  const own = [...PARTS.flatMap((part) => filesBelow(root, part)), ...tables]
  return [
    ...own.map((path) => fileAt(join(root, path), `${product}/${path}`)),
    ...placedPackages({ from: root, to: product }, lend).flatMap(({ from, to }) =>
      filesBelow(from, '').map((path) => fileAt(join(from, path), `${to}/${path}`)),
    ),
  ]
}

/**
 * Where each package lies in the archive: at the top, or inside of the one that needs it where another version of it is at
 * the top. Packages are placed level by level, so that what one finds never changes later.
 */
function placedPackages(product: Placed, lend: (name: string, version: string) => string): Placed[] {
  const placed = new Map<string, string>()
  const queue: Placed[] = [product]
  for (const user of queue) {
    const manifest = manifestOf(user.from)
    const optional = manifest.optionalDependencies ?? {}
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...optional })) {
      const from = installed(user.from, name) ?? (name in optional ? lent(name, version, lend) : undefined)
      if (from === undefined && name in optional) continue
      if (from === undefined)
        throw new BenchError(`${manifest.name} needs ${name}, which is not installed; run "npm ci" again`)
      if (!runsInContainer(manifestOf(from))) continue
      const found = foundFrom(user.to, name, placed)
      if (found === from) continue
      const to = found === undefined ? `node_modules/${name}` : `${user.to}/node_modules/${name}`
      placed.set(to, from)
      queue.push({ from, to })
    }
  }
  return queue.slice(1)
}

/** A package for containers that is not installed here because this machine is another one. */
function lent(name: string, version: string, lend: (name: string, version: string) => string): string | undefined {
  const { os, cpu } = CONTAINER
  return name.includes(`${os}-${cpu}`) && !name.includes('musl') ? lend(name, version) : undefined
}

/** As Node looks for packages in the archive. @returns where the one that is found came from */
function foundFrom(folder: string, name: string, placed: ReadonlyMap<string, string>): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = placed.get(at === '.' ? `node_modules/${name}` : `${at}/node_modules/${name}`)
    if (found !== undefined || at === '.') return found
  }
}

/** As Node looks for packages here. */
function installed(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name)
    if (existsSync(join(path, 'package.json'))) return realpathSync(path)
    if (dirname(at) === at) return undefined
  }
}

function runsInContainer({ os, cpu, libc }: Manifest): boolean {
  const allows = (list: readonly string[] | undefined, one: string): boolean => list === undefined || list.includes(one)
  return allows(os, CONTAINER.os) && allows(cpu, CONTAINER.cpu) && allows(libc, CONTAINER.libc)
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** Paths relative to `root`, in a fixed order; none where there is nothing. */
function filesBelow(root: string, below: string): string[] {
  const stat = statSync(join(root, below), { throwIfNoEntry: false })
  if (stat?.isFile() === true) return [below]
  if (stat?.isDirectory() !== true) return []
  return readdirSync(join(root, below))
    .filter((name) => !LEFT_OUT.test(name))
    .sort()
    .flatMap((name) => filesBelow(root, below === '' ? name : `${below}/${name}`))
}

function fileAt(from: string, path: string): TarFile {
  return { path, content: readFileSync(from), executable: (statSync(from).mode & 0o100) !== 0 }
}
