/** The part of the world that the command line touches, so that a test can replace it. */
import { availableParallelism } from 'node:os'
import { basename, relative } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { Relative } from '../analysis/family.ts'
import type { PageParts } from '../browser/html.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import type { ConformanceModel } from '../conform/conformance.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { definedFields } from '../language/defined-fields.ts'
import { packageVersion } from '../explorer/package-version.ts'
import type { CheckOptions, CheckResult, CheckSettings } from '../explorer/result.ts'
import type { DryLayout } from '../report/dry.ts'
import { askOfProcess, type Ask } from './ask.ts'
import { quoted } from './command-text.ts'
import { outputOf, type Output } from './output.ts'
import type { WatchedProcess } from './watching/messages.ts'

/** Explores models. */
export interface Engine {
  check(model: ConfiguredModel, options: CheckOptions & Pick<CheckSettings, 'names'>): Promise<CheckResult>
  /** Describes the model as `check` would explore it. */
  describeLayout(model: ConfiguredModel, options: Pick<CheckOptions, 'keepDeadLocals' | 'symmetry'>): Promise<DryLayout>
}

/** Threads for several runs at once. */
export interface RunnerThreads {
  readonly count: number
  /** @param setup what the thread finds as its `workerData` */
  start(setup: object): Worker
}

export interface Environment {
  readonly stdout: Output
  readonly stderr: Output
  readonly cwd: string
  readonly variables: Readonly<Record<string, string | undefined>>
  /** The command by which the user started this program: `npx hmmcheck`. */
  readonly program: string
  readonly version: () => Promise<string>
  readonly engine: Engine
  /** Calls `stop` at Ctrl-C, until the function that it returns is called. */
  readonly onInterrupt: (stop: () => void) => () => void
  /**
   * The errors that the type checker finds in a user's files; undefined if none is installed where they are. Absent:
   * types are not checked.
   */
  readonly typeErrors?: (files: readonly string[]) => Promise<readonly string[] | undefined>
  /** What is known of a protocol's model without reading it; undefined if it must be read. */
  readonly relativeOf?: (protocol: Protocol) => Relative | undefined
  /** The models that recordings are compared with. */
  readonly conformance?: () => Promise<readonly ConformanceModel[]>
  /** Starts a process that checks once, for `watch`. */
  readonly startWatched?: () => WatchedProcess
  /** Absent: there is no terminal, so nothing is asked. */
  readonly ask?: Ask
  /**
   * The scripts and the style of a page by hand.
   *
   * @throws UsageError HMM265 if they were not built
   */
  readonly pageParts?: () => Promise<PageParts>
  /** Shows a page to the user, if there is a screen. */
  readonly openBrowser?: (address: string) => void
  /** None: one run after the other. */
  readonly runners?: RunnerThreads
  /** The number of threads that can run at once; if it is not known, as many as are asked for. */
  readonly processors?: number
}

const engine: Engine = {
  async check(model, options) {
    const { check } = await import('../explorer/check.ts')
    return check(model, options)
  },
  async describeLayout(model, options) {
    const { describeModel } = await import('../explorer/prepare.ts')
    return describeModel(model, options)
  },
}

/** The first Ctrl-C, or the first SIGTERM, asks for an end; the second is one. */
function onInterrupt(stop: () => void): () => void {
  let asked = false
  const handler = (): void => {
    if (asked) process.exit(130)
    asked = true
    stop()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, handler)
  return () => {
    for (const signal of signals) process.off(signal, handler)
  }
}

/** Scripts of this package's own package.json that start it. */
const OWN_SCRIPTS: readonly (string | undefined)[] = ['hmmcheck', 'check', 'check:large']

/**
 * The words with which a user starts this program: by a script or from source in a clone, linked by npm into a project,
 * installed, or its compiled file.
 *
 * @param script the path of the file that Node runs
 * @param variables of the process: npm puts the names of its package and script there
 */
export function programOf(script: string, cwd: string, variables: Environment['variables'] = {}): string {
  const isOwnScript =
    variables['npm_package_name'] === 'hmmcheck' && OWN_SCRIPTS.includes(variables['npm_lifecycle_event'])
  if (isOwnScript || script.endsWith('.ts')) return 'npm run hmmcheck --'
  if (/[/\\]node_modules[/\\]\.bin[/\\]/.test(script)) return 'npx hmmcheck'
  return basename(script) === 'hmmcheck' ? 'hmmcheck' : `node ${quoted(relative(cwd, script))}`
}

/** The process this runs in. */
export function processEnvironment(): Environment {
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    cwd: process.cwd(),
    variables: process.env,
    program: programOf(process.argv[1] ?? 'hmmcheck', process.cwd(), process.env),
    version: () => Promise.resolve(packageVersion()),
    engine,
    onInterrupt,
    async pageParts() {
      const { builtParts } = await import('./built-parts.ts')
      return builtParts()
    },
    openBrowser(address) {
      void import('./browser.ts').then(({ openBrowser }) => {
        openBrowser(address, process.env)
      })
    },
    processors: availableParallelism(),
    ...definedFields({ ask: askOfProcess() }),
    async typeErrors(files) {
      if (!files.some((file) => /\.[cm]?tsx?$/.test(file))) return []
      const { typeErrors } = await import('./typecheck.ts')
      return typeErrors(files)
    },
  }
}
