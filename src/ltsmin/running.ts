/** A program that runs: its lines as they come, and its end, with that of all that it has started. */
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A program, its arguments, and where it runs. */
export interface Command {
  readonly program: string
  readonly words: readonly string[]
  readonly folder: string
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** How a program has ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

export interface Running {
  readonly pid: number
  /** When it is over, and all of its lines have come. */
  readonly over: Promise<Exit>
  /** Sends a signal to the program. */
  tell(signal: NodeJS.Signals): void
  /** Asks it to end, and makes sure that it does. */
  end(): Promise<Exit>
}

/** Milliseconds after which a program that was asked to end is killed. */
const patience = 5000

/**
 * Starts a program in a process group of its own: Ctrl-C in the terminal reaches only this process, which ends it.
 *
 * @param onLine called with each line of both of its outputs
 */
export function start({ program, words, folder, variables }: Command, onLine: (line: string) => void): Running {
  const child = spawn(program, words, {
    cwd: folder,
    env: variables,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const read = (stream: typeof child.stdout): Promise<void> =>
    new Promise((resolve) => {
      createInterface({ input: stream }).on('line', onLine).on('close', resolve)
    })
  const lines = Promise.all([read(child.stdout), read(child.stderr)])
  const exited = new Promise<Exit>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      resolve({ code, signal })
    })
  })
  const pid = child.pid ?? 0
  const killAll = (): void => {
    for (const one of pid === 0 ? [] : [...descendantsOf(pid), pid]) kill(one, 'SIGKILL')
    if (pid !== 0) kill(-pid, 'SIGKILL')
  }
  process.on('exit', killAll)
  const over = exited
    .then(async (exit) => {
      // a rank that has outlived it keeps the output open
      await Promise.race([lines, wait(patience)])
      return exit
    })
    .finally(() => {
      process.off('exit', killAll)
    })
  return {
    pid,
    over,
    tell(signal) {
      kill(pid, signal)
    },
    async end() {
      const all = descendantsOf(pid)
      kill(-pid, 'SIGTERM')
      const timer = setTimeout(() => {
        for (const one of all) kill(one, 'SIGKILL')
        killAll()
      }, patience)
      const exit = await over.finally(() => {
        clearTimeout(timer)
      })
      for (const one of all) kill(one, 'SIGKILL')
      return exit
    },
  }
}

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref()
  })

/** A process that is gone needs no signal. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it is gone
  }
}

/** The processes that a process has started, and those that they have; none where the system does not say. */
export function descendantsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
        .trim()
        .split(' ')
        .filter((text) => text !== '')
        .flatMap((text) => [Number(text), ...descendantsOf(Number(text))]),
    )
  } catch {
    return []
  }
}

/** The memory that a process and its descendants take, in bytes: what several share counts once. */
export const bytesOf = (pid: number): number =>
  [pid, ...descendantsOf(pid)].reduce((sum, one) => sum + bytesOfProcess(one), 0)

function bytesOfProcess(pid: number): number {
  try {
    return 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
