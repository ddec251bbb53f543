/** A world for the command line to work in: text in strings, a directory of its own, the slow engine. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Catalogue } from '../../src/catalogue/protocol.ts'
import type { Environment } from '../../src/cli/environment.ts'
import { main } from '../../src/cli/main.ts'
import { notifier } from '../support/notifier.ts'
import { referenceEngine } from '../support/reference-engine.ts'

export interface Answer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface World {
  readonly cwd: string
  /** Runs the command line with these words. */
  run(...argv: readonly string[]): Promise<Answer>
}

/** A directory that is gone when the test is over. */
export function temporaryDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export function world({
  catalogue = [notifier],
  ...changes
}: Partial<Environment> & { readonly catalogue?: Catalogue } = {}): World {
  const cwd = changes.cwd ?? temporaryDirectory()
  return {
    cwd,
    async run(...argv) {
      const written = { stdout: '', stderr: '' }
      const output = (name: 'stdout' | 'stderr'): Environment['stdout'] => ({
        write: (text) => {
          written[name] += text
        },
        isTerminal: false,
        columns: undefined,
      })
      const code = await main(catalogue, argv, {
        stdout: output('stdout'),
        stderr: output('stderr'),
        cwd,
        variables: {},
        program: 'npx hmmcheck',
        version: () => Promise.resolve('0.0.0-test'),
        engine: {
          check: referenceEngine,
          describeLayout: () =>
            Promise.resolve({
              stateBits: 70,
              words: 2,
              variables: [
                { name: 'mm', bits: 5 },
                { name: 'driver', bits: 4 },
              ],
              threads: [{ name: 'unmap', points: 9, bits: 5 }],
              dropped: ['accesses'],
            }),
        },
        onInterrupt: () => () => undefined,
        ...changes,
      })
      return { code, ...written }
    },
  }
}
