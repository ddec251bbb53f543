/**
 * The words that an unfinished word can become: from the tables of commands and options, and from the catalogues. Each
 * line is a word, and behind a tab what it is.
 */
import type { Command, Option } from 'commander'
import { defaultVariant } from '../catalogue/setting.ts'
import type { Catalogue, Protocol } from '../catalogue/protocol.ts'
import { alwaysJudged } from '../language/claims.ts'
import { allCatalogues } from './catalogues.ts'
import { FILES } from './completion-scripts.ts'
import type { Context } from './context.ts'

/** A word, and what it is. */
type Candidate = readonly [word: string, what: string]
/** The words that fit somewhere; or a file does. */
type Candidates = readonly Candidate[] | 'files'

/** The words in front of the unfinished one, as far as they matter. */
interface Typed {
  /** The options that are given. */
  readonly options: readonly string[]
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly positional: readonly string[]
  /** The option whose value is unfinished. */
  readonly pending: Option | undefined
}

/**
 * @param root the command with all its subcommands
 * @param words behind the name of the program, the unfinished one last
 */
export async function completed(
  { catalogue: own, environment: { cwd } }: Pick<Context, 'catalogue' | 'environment'>,
  root: Command,
  words: readonly string[],
): Promise<readonly string[]> {
  const unfinished = words.at(-1) ?? ''
  const [name, ...before] = words.slice(0, -1)
  const command = name === undefined ? root : root.commands.find((one) => one.name() === name)
  if (command === undefined) return []
  const typed = typedIn(command, before)
  const protocols = async (): Promise<Catalogue> =>
    allCatalogues(own, typed.values.get('catalogue') ?? [], cwd).catch(() => own)
  const all = await candidatesFor(command, typed, unfinished, protocols)
  if (all === 'files') return [FILES]
  return all.filter(([word]) => word.startsWith(unfinished)).map(([word, what]) => `${word}\t${what}`)
}

function typedIn(command: Command, words: readonly string[]): Typed {
  const options: string[] = []
  const values = new Map<string, readonly string[]>()
  const positional: string[] = []
  let pending: Option | undefined
  for (const word of words) {
    const option = pending === undefined ? command.options.find(({ long }) => long === word) : undefined
    if (pending !== undefined) {
      values.set(pending.name(), [...(values.get(pending.name()) ?? []), word])
      pending = undefined
    } else if (option !== undefined) {
      options.push(word)
      if (option.required) pending = option
    } else if (!word.startsWith('-')) positional.push(word)
  }
  return { options, values, positional, pending }
}

async function candidatesFor(
  command: Command,
  typed: Typed,
  unfinished: string,
  protocols: () => Promise<Catalogue>,
): Promise<Candidates> {
  if (typed.pending !== undefined) return valuesOf(typed.pending, typed, protocols)
  if (unfinished.startsWith('-')) return optionsOf(command, typed)
  if (command.parent === null)
    return command
      .createHelp()
      .visibleCommands(command)
      .map((one) => [one.name(), one.summary()])
  const argument = command.registeredArguments[typed.positional.length] ?? command.registeredArguments.at(-1)
  if (argument === undefined || (!argument.variadic && typed.positional.length >= command.registeredArguments.length))
    return []
  if (argument.argChoices !== undefined) return argument.argChoices.map((choice) => [choice, ''])
  return ofPlaceholder(argument.name(), unfinished, protocols)
}

/** The options, but for those that are given and have one value. */
function optionsOf(command: Command, { options }: Typed): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .filter(
      ({ long, description }) =>
        long !== undefined && (!options.includes(long) || description.includes('(repeatable)')),
    )
    .map(({ long, description }) => [long ?? '', description])
}

/** What the value of an option can be: one of its choices, a name in the catalogue, or what its placeholder says. */
async function valuesOf(option: Option, typed: Typed, protocols: () => Promise<Catalogue>): Promise<Candidates> {
  if (option.argChoices !== undefined) return option.argChoices.map((choice) => [choice, ''])
  const named = NAMED[option.name()]
  if (named !== undefined) return meant(await protocols(), typed).flatMap(named)
  const [, placeholder = ''] = /<(.*)>/.exec(option.flags) ?? []
  return ofPlaceholder(placeholder, '', protocols)
}

/** Options whose values are names of a protocol. */
const NAMED: Readonly<Record<string, (protocol: Protocol) => readonly Candidate[]>> = {
  scenario: ({ scenarios }) => scenarios.map(({ name, summary }) => [name, summary]),
  config: ({ parameters }) => Object.entries(parameters).map(([name, { summary }]) => [`${name}=`, summary]),
  property: ({ model }) => [...model.properties, ...alwaysJudged(model)].map(({ name, kind }) => [name, kind] as const),
  model: ({ name, variants }) => variants.map((variant) => [`${name}@${variant.name}`, variant.summary]),
  corrected: ({ variants }) => variants.map(({ name, summary }) => [name, summary]),
}

/** The protocols that the words name; all of them if none does. */
function meant(all: Catalogue, { positional }: Typed): Catalogue {
  const names = positional.map((word) => word.split('@')[0])
  const named = all.filter(({ name }) => names.includes(name))
  return named.length > 0 ? named : all
}

/** By the word that stands for it in the help: a model, a file; nothing can be said of a number or a text. */
async function ofPlaceholder(
  placeholder: string,
  unfinished: string,
  protocols: () => Promise<Catalogue>,
): Promise<Candidates> {
  if (/^(?:FILE|DIR|TRACE)/.test(placeholder)) return 'files'
  // `diff` compares an A with a B, each of which may be a variant
  if (/^[AB]$/.test(placeholder)) return modelsFor(await protocols(), unfinished, 'MODEL[@VARIANT]')
  return placeholder.startsWith('MODEL') ? modelsFor(await protocols(), unfinished, placeholder) : []
}

/** Models; once one is named, its variants, where one may stand. */
function modelsFor(all: Catalogue, unfinished: string, placeholder: string): readonly Candidate[] {
  const models = all.map(({ name, title }): Candidate => [name, title])
  if (!placeholder.includes('@')) return models
  const begun = all.find(({ name }) => name === unfinished.split('@')[0])
  const variants = (begun?.variants ?? []).map(
    ({ name, summary }): Candidate => [
      `${begun?.name ?? ''}@${name}`,
      begun !== undefined && defaultVariant(begun) === name ? `${summary}, the default` : summary,
    ],
  )
  return [...models, ...variants]
}
