/** `bench instances`: instance types with their prices. */
import type { Command } from 'commander'
import { invalid } from '../../core/errors.js'
import type { InstanceFilter, PriceList } from '../../instances/price-list.js'
import { type Session, examples, printJson } from '../session.js'

interface InstancesFlags {
  readonly gpus?: string
  readonly minMemory?: string
  readonly maxPrice?: string
  readonly prices?: string
  readonly json?: true
}

export function addInstances(program: Command, session: Session): void {
  program
    .command('instances')
    .description('list instance types with their prices, cheapest first')
    .option('--gpus <n>', 'only types with so many GPUs; 0 for none')
    .option('--min-memory <gib>', 'only types with at least so much memory, in GiB')
    .option('--max-price <usd>', 'only types that cost at most so much, in US dollars per hour')
    .option('--prices <file.csv>', 'prices of your own; see docs/instances.md')
    .option('--json', 'print the list as one JSON document')
    .addHelpText(
      'after',
      examples(session, [
        ['instances --gpus 1 --max-price 5', 'types with one GPU for at most 5 US dollars per hour'],
        ['instances --gpus 0 --min-memory 16', 'types without a GPU'],
      ]),
    )
    .action(async ({ gpus, minMemory, maxPrice, prices, json }: InstancesFlags) => {
      const { terminal } = session
      const { filterInstances } = await import('../../instances/price-list.js')
      const list = await readPrices(prices)
      const filter: InstanceFilter = {
        ...(gpus !== undefined && { gpus: parseAmount('--gpus', gpus, true) }),
        ...(minMemory !== undefined && { minMemoryGiB: parseAmount('--min-memory', minMemory, false) }),
        ...(maxPrice !== undefined && { maxUsdPerHour: parseAmount('--max-price', maxPrice, false) }),
      }
      const types = filterInstances(list, filter)
      if (json === true) return printJson(terminal, { source: list.source, date: list.date, types })
      const { instancesText } = await import('../../report/instances-text.js')
      terminal.out(instancesText({ ...list, types }, list.types.length))
    })
}

/** The prices of a file, or those that ship. @throws BenchError */
export async function readPrices(file: string | undefined): Promise<PriceList> {
  if (file === '') throw invalid('--prices', file, 'must name a file', 'leave it out for the prices that ship')
  if (file !== undefined) return (await import('../../instances/price-list.js')).readPriceList(file)
  return (await import('../../instances/shipped-prices.js')).SHIPPED_PRICES
}

function parseAmount(option: string, text: string, whole: boolean): number {
  const value = /^(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value) || (whole && !Number.isInteger(value)))
    throw invalid(option, text, `must be a ${whole ? 'whole ' : ''}number from 0 on`)
  return value
}
