/** The command line of a search by LTSmin. */
import { dirname } from 'node:path'
import { sshOptions } from './hosts.ts'
import type { Command } from './running.ts'
import type { Tools } from './tools.ts'

/** The part of a search that differs from run to run. */
export interface Goals {
  /** The numbers of the watches that are looked for; none: every state is counted. */
  readonly sought: readonly number[]
  /** The folder of traces, `x.dir`; without, no parents of states are kept. */
  readonly traces?: string
  /** Whether the search goes on behind what it has found. */
  readonly goesOn?: boolean
}

export interface Launch {
  readonly tools: Tools
  readonly ranks: number
  /** The file of hosts, if there are several. */
  readonly hosts?: string
  /** The folder of the run, and the plugin in it. */
  readonly folder: string
  readonly plugin: string
  /** The logarithm of the number of states that the table of `pins2lts-mc` has room for. */
  readonly tableSize: number
  /** Processors of this host. */
  readonly processors: number
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Whether the user is root, whom `mpirun` refuses unless told. */
  readonly isRoot: boolean
}

export function ltsminCommand(launch: Launch, goals: Goals): Command {
  const { tools, folder, variables } = launch
  return tools.mpirun === undefined
    ? { program: tools.search, words: mcWords(launch, goals), folder, variables }
    : { program: tools.mpirun, words: distWords(launch, goals), folder, variables: withPath(launch) }
}

/** The programs that LTSmin starts itself are found where it is. */
const withPath = ({ tools, variables }: Launch): Launch['variables'] => ({
  ...variables,
  PATH: `${dirname(tools.search)}:${variables['PATH'] ?? ''}`,
})

/**
 * Without `--mpi` each rank would search alone. A label `f3` shows a watch once in each rank: else each state that
 * shows it would have a trace.
 */
function distWords({ tools, ranks, hosts, plugin, processors, variables, isRoot }: Launch, goals: Goals): string[] {
  const passed = ['PATH', ...(variables['LD_LIBRARY_PATH'] === undefined ? [] : ['LD_LIBRARY_PATH'])]
  return [
    ...(isRoot ? ['--allow-run-as-root'] : []),
    '-np',
    String(ranks),
    ...(hosts === undefined ? ['--oversubscribe'] : ['--hostfile', hosts, ...overHosts]),
    // ranks that are bound to a core stand in each other's way if two searches run
    '--bind-to',
    'none',
    // ranks wait busily: with more of them than processors, they must let each other run
    ...(hosts === undefined && ranks > processors ? ['--mca', 'mpi_yield_when_idle', '1'] : []),
    ...passed.flatMap((name) => ['-x', name]),
    tools.search,
    '--mpi',
    ...foundWords('f', goals),
    plugin,
  ]
}

/** A host that is gone must be noticed: Open MPI would wait for minutes. */
const overHosts = [
  '--mca',
  'plm_rsh_args',
  sshOptions.join(' '),
  ...[
    ['oob_tcp_keepalive_time', '10'],
    ['oob_tcp_keepalive_intvl', '5'],
    ['oob_tcp_keepalive_probes', '3'],
  ].flatMap(([name = '', value = '']) => ['--mca', name, value]),
]

/** `sbfs` is breadth first also with several processes; `-v` says the levels. */
const mcWords = ({ ranks, plugin, tableSize }: Launch, goals: Goals): string[] => [
  `--procs=${ranks}`,
  `-s${tableSize}`,
  '--strategy=sbfs',
  '-v',
  ...foundWords('w', goals),
  plugin,
]

/**
 * The sizes of table that `pins2lts-mc` is tried with, as logarithms. A table is spread over all of its memory, so a
 * small graph is not searched in a large one; one that is full is made eight times as large.
 *
 * @param bytes that it may take: 18 for each state, with its parent
 */
export function tableSizes(bytes: number): readonly number[] {
  const [first, most, step] = [22, 33, 3]
  const last = Math.max(first, Math.min(most, Math.floor(Math.log2(bytes / 18))))
  const sizes = Array.from({ length: Math.ceil((last - first) / step) }, (_, n) => first + n * step)
  return [...sizes, last]
}

const foundWords = (label: string, { sought, traces, goesOn }: Goals): readonly string[] => [
  ...(sought.length === 0 ? [] : ['-i', sought.map((watch) => `${label}${watch} == 0`).join(' && ')]),
  ...(goesOn === true ? ['-n'] : []),
  ...(traces === undefined ? [] : [`--trace=${traces}`]),
]
