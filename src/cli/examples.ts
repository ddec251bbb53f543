/**
 * The examples that `--help` shows of each subcommand. A test runs them one after the other, in an empty folder; those of
 * `explore` and `conform`, which need a browser and a recording, have tests of their own.
 */
import type { Command } from 'commander'

/** A command line, without the name of the program, and what it does. */
export type HelpExample = readonly [words: string, what: string]

/**
 * The examples by the names of the subcommands. An example may read what one above it has written.
 *
 * `mirror-2017` is the first model of the catalogue; its bugs are found in seconds.
 */
export const examples: Readonly<Record<string, readonly HelpExample[]>> = {
  init: [['init my-driver --yes', 'a folder with a model that works, and its test and CI']],
  list: [
    ['list', 'the models'],
    ['list mirror-2017', 'its variants, scenarios and properties'],
  ],
  check: [
    ['check mirror-2017@callback-unregisters', 'find a bug, and draw the shortest schedule that shows it'],
    ['check mirror-2017@callback-unregisters --property lock-deadlock --full', 'draw every step of it'],
    ['check mirror-2017@callback-unregisters --property lock-deadlock --out bug.json', 'save it'],
    ["check 'mirror-2017@callback-*' --scenario mirror", 'several variants, a line each'],
    ['check mirror-2017 --dry-run', 'how large its states are, without a search'],
  ],
  explore: [['explore mirror-2017@as-posted', 'take its steps by hand, in a browser']],
  fuzz: [
    ['fuzz mirror-2017@callback-unregisters --runs 20', 'random runs, where there are too many states to search'],
    [
      'fuzz mirror-2017@callback-unregisters --strategy pct --seed 7 --stop-at-first',
      'other runs, up to the first bug',
    ],
  ],
  replay: [['replay bug.json', 'take its steps again, on the model of today']],
  show: [
    ['show bug.json', 'draw it again'],
    ['show bug.json --short', 'on one screen'],
    ['show bug.json --format mermaid', 'as a diagram for a pull request'],
  ],
  minimize: [['minimize bug.json --out small.json', 'find the shortest schedule of the same bug']],
  lock: [['lock bug.json --name callback', 'keep it as a test: fixed must not be able to do the same']],
  regress: [['regress', 'replay all locks']],
  conform: [['conform trace.jsonl --model mirror-6@test-hmm-6.1', 'is the recording a run of the model?']],
  export: [
    ['export mirror-2017 --out mirror/', 'the model as C, with a Makefile'],
    ['export mirror-2017@fixed --scenario core --to pins --states 56e6 --out core/', 'as a plugin of LTSmin'],
  ],
  completion: [['completion bash', 'for ~/.bashrc: eval "$(hmmcheck completion bash)"']],
}

/** Adds the examples to what `--help` says, and to what a mistake says. */
export function withExamples(command: Command, program: string): Command {
  const own = examples[command.name()] ?? []
  if (own.length === 0) return command
  const lines = own.flatMap(([words, what]) => [`  ${program} ${words}`, `      ${what}`])
  return command.addHelpText('after', ['', 'Examples:', ...lines].join('\n'))
}
