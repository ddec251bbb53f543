/** The text of `hmmcheck` without arguments: what to type first. */
import { defaultVariant } from '../catalogue/setting.ts'
import type { Catalogue } from '../catalogue/protocol.ts'

/**
 * Eleven lines.
 *
 * @param program as the user starts it
 * @param catalogue the package's own; its first model is the example
 */
export function firstSteps(program: string, catalogue: Catalogue): readonly string[] {
  const [first] = catalogue
  const model = first?.name ?? 'MODEL'
  const faulty = first?.variants.find(({ name }) => name !== defaultVariant(first))?.name ?? 'VARIANT'
  const commands = [
    ['list', 'the models'],
    [`list ${model}`, 'variants, scenarios and properties of one'],
    [`check ${model}@${faulty}`, 'check one; draw the shortest schedule that breaks a property'],
    [`check ${model}`, 'check its corrected variant'],
    ['init my-driver', 'a folder with a model of your own: model, test, CI'],
    ['check my-driver --out bug.json', 'check it; save the schedule of its bug'],
    ['show bug.json', 'draw that schedule again'],
  ] as const
  const width = Math.max(...commands.map(([words]) => words.length))
  return [
    "hmmcheck finds races between CPUs and devices in code built on Linux's HMM. Type first:",
    '',
    ...commands.map(([words, what]) => `  ${program} ${words.padEnd(width)}  ${what}`),
    '',
    `Write a model of your own: docs/guide.md, 15 minutes. All commands: ${program} --help`,
  ]
}
