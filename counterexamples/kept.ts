/** Which counterexamples are kept, and under which names. */
import { fileURLToPath } from 'node:url'
import type { Expectation, Protocol } from '../src/language/protocol.ts'

/** Where they are: a folder a protocol. */
export const folder: string = fileURLToPath(new URL('.', import.meta.url))

/** The expectations whose counterexamples are kept: violated, and checked within seconds. */
export function keptExpectations({ scenarios, expectations }: Protocol): readonly Expectation[] {
  const isLarge = (name: string): boolean => scenarios.find((scenario) => scenario.name === name)?.large === true
  return expectations.filter(({ verdict, scenario }) => verdict === 'violated' && !isLarge(scenario))
}

/** `as-posted.P-NOUAF.json`; of a property with a sentence for a name, what every file system takes. */
export function fileOf(variant: string, property: string): string {
  const slug = (name: string): string => name.replaceAll(/[^\w.-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '')
  return `${slug(variant)}.${slug(property)}.json`
}
