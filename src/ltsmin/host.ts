/** The host of a check that LTSmin searches: all else is done here, as in any check. */
import { availableParallelism, freemem } from 'node:os'
import type { Host } from '../explorer/host.ts'
import { node } from '../explorer/node.ts'
import { readHosts, slotsOf } from './hosts.ts'
import { bytesOf, type Running } from './running.ts'
import { searchByLtsmin } from './search.ts'
import { toolsFor } from './tools.ts'
import type { LtsminEngine } from './engines.ts'

export interface LtsminOptions {
  readonly engine: LtsminEngine
  /** Processes; default: the slots of the hosts, or a process for each processor. */
  readonly ranks?: number | undefined
  /** The path of a file of hosts. */
  readonly hosts?: string | undefined
  /** Bytes that the processes of this host may take. */
  readonly maxMemory?: number | undefined
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** Of the memory that is free, as much as the table of `pins2lts-mc` may take. */
const shareOfMemory = 0.8
/** Milliseconds between two looks at the memory of the processes: the system counts for a while. */
const weighAfter = 1000

/**
 * Makes a host for checks.
 *
 * @throws UsageError HMM300 to HMM304: a program, or the file of hosts, is not there
 */
export function ltsminHost({ engine, ranks, hosts: file, maxMemory, variables }: LtsminOptions): {
  readonly host: Host
  readonly ranks: number
} {
  const tools = toolsFor(engine, variables)
  const hosts = file === undefined ? undefined : readHosts(file)
  const processors = availableParallelism()
  const wanted = ranks ?? (hosts === undefined ? processors : slotsOf(hosts))
  let running: Running | undefined
  let [weighed, bytes, most] = [-Infinity, 0, 0]
  const weigh = (): number => {
    if (running !== undefined && performance.now() - weighed > weighAfter) {
      bytes = bytesOf(running.pid)
      weighed = performance.now()
    }
    return running === undefined ? 0 : bytes
  }
  const host: Host = {
    engine,
    // a limit is of this host; at the end, what all ranks have told counts
    residentBytes: () => node.residentBytes() + (running === undefined ? most : weigh()),
    searchElsewhere: (prepared, options) =>
      searchByLtsmin(prepared, options, {
        tools,
        ranks: wanted,
        ...(hosts === undefined ? {} : { hosts }),
        processors,
        variables,
        isRoot: process.getuid?.() === 0,
        tableBytes: maxMemory ?? shareOfMemory * freemem(),
        onRunning(now) {
          running = now
          weighed = -Infinity
        },
        onBytes(all) {
          most = Math.max(most, all)
        },
      }),
  }
  return { host, ranks: wanted }
}
