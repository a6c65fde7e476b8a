import { describe, expect, it, vi } from 'vitest'
import { Interrupted, interruptible } from '../../src/cli/interrupt.js'
import { BenchError } from '../../src/core/errors.js'

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')))
  })
const hooks = { onFirst: () => {}, hint: () => 'go on with: bench' }

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the work through its signal and says how to go on', async (name, exitCode) => {
    const onFirst = vi.fn<() => void>()
    const ended = interruptible(untilAborted, { ...hooks, onFirst })
    process.emit(name, name)
    await expect(ended).rejects.toMatchObject({
      name: 'Interrupted',
      message: 'interrupted; go on with: bench',
      exitCode,
    })
    expect(onFirst).toHaveBeenCalledOnce()
  })

  it('a second time ends the process at once', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('process.exit')
    })
    const ended = interruptible(untilAborted, hooks)
    process.emit('SIGINT', 'SIGINT')
    expect(() => process.emit('SIGINT', 'SIGINT')).toThrow('process.exit')
    expect(exit).toHaveBeenCalledWith(130)
    exit.mockRestore()
    await expect(ended).rejects.toBeInstanceOf(Interrupted)
  })

  it('changes nothing where the work got to its end all the same', async () => {
    const work = (finished: boolean): Promise<string> =>
      interruptible(
        async () => {
          process.emit('SIGINT', 'SIGINT')
          return 'done'
        },
        { ...hooks, finished: () => finished },
      )
    expect(await work(true)).toBe('done')
    await expect(work(false)).rejects.toBeInstanceOf(Interrupted)
  })

  it('does not hide what went wrong before', async () => {
    await expect(interruptible(() => Promise.reject(new Error('broken')), hooks)).rejects.toThrow('broken')
    const full = (): Promise<never> => {
      process.emit('SIGINT', 'SIGINT')
      return Promise.reject(new BenchError('the disk is full', { exitCode: 1 }))
    }
    await expect(interruptible(full, hooks)).rejects.toThrow('the disk is full')
  })

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('SIGINT')
    await interruptible(() => Promise.resolve(1), hooks)
    expect(process.listenerCount('SIGINT')).toBe(before)
  })
})
