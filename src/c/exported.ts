/** A folder with a model as C: for a search on one core, or for LTSmin on many. */
import { modelInC, fixedText, type SourceFiles, type Provenance, type ModelToSearch } from './model.ts'

/** `c`: for a compiler alone. `pins`: a plugin of LTSmin, with scripts that start it. */
export type ExportKind = 'c' | 'pins'

/** What is known of the number of states. */
export interface Expected {
  /** Without symmetry. */
  readonly states: number
  /** `counted`: the search has ended. `estimated`: by the growth of its levels. `at least`: no more is known. */
  readonly by: 'counted' | 'estimated' | 'at least' | 'given'
}

/** Bytes that LTSmin's tree takes for a state of so many words: it compresses. */
export const treeBytes = (words: number): number => 13 + 8 * words
/** Those of the driver: the words, a parent, and slots of a table that is half full. */
const driverBytes = (words: number): number => 8 * words + 16 + 2 * 2 * 8
/** States that one rank may hold: its memory then is a few GiB. */
const statesPerRank = 100e6
/** States a second and rank, as measured with two ranks on one core's two threads: a low figure. */
const statesPerSecond = 250_000

export function exportedFiles(
  searched: ModelToSearch,
  origin: Provenance,
  kind: ExportKind,
  expected: Expected,
): SourceFiles {
  const plan = planOf(searched.compiled.layout.words, kind, expected)
  const filled = (name: string): string =>
    fixedText(name).replaceAll(
      /@([A-Z_]+)@/g,
      (_, key: string) => ({ TITLE: origin.title, JOB: jobOf(origin), ...plan })[key] ?? '',
    )
  return {
    ...modelInC(searched, origin),
    Makefile: fixedText('Makefile'),
    'README.md': filled(`README.${kind}.md`),
    ...(kind === 'pins'
      ? {
          'pins.c': fixedText('pins.c'),
          'run.sh': filled('run.sh'),
          'hosts.sh': filled('hosts.sh'),
          'job.sbatch': filled('job.sbatch'),
        }
      : {}),
  }
}

/** A name that Slurm takes. */
const jobOf = ({ title }: Provenance): string => title.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^-|-$/g, '')

/** What the scripts and the README say of the size of the search. */
function planOf(words: number, kind: ExportKind, { states, by }: Expected): Readonly<Record<string, string>> {
  const bytes = states * (kind === 'pins' ? treeBytes(words) : driverBytes(words))
  const ranks = Math.max(2, Math.ceil(states / statesPerRank))
  const hours = Math.max(1, Math.ceil((4 * states) / statesPerSecond / ranks / 3600))
  const told = { counted: '', given: '', estimated: 'about ', 'at least': 'at least ' }[by]
  return {
    STATES: `${told}${count(states)}`,
    MEMORY: size(bytes),
    RANKS: String(ranks),
    // twice what the states take, for what MPI and a growing table need
    MEMORY_PER_RANK: String(Math.max(512, Math.ceil((2 * bytes) / ranks / 2 ** 20))),
    TIME: `${hours}:00:00`,
    PLAN:
      kind === 'c'
        ? `It has ${told}${count(states)} states, for which the search needs ${size(bytes)}.`
        : `It has ${told}${count(states)} states. They take ${size(bytes)} in all, so the scripts ask for ${ranks} ranks.`,
  }
}

const count = (n: number): string => n.toLocaleString('en-US', n >= 1e6 ? { maximumSignificantDigits: 3 } : {})
const size = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.max(1, Math.ceil(bytes / 2 ** 20))} MiB`
