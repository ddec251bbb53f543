/**
 * docs/kernel.md, docs/properties.md and docs/catalogue.md: every export of an entry of the package, with its doc
 * comment and an example.
 *
 * The hand-written parts stand in docs/examples/: for each page an introduction with the declarations that its
 * examples share, then each example, under the names of the exports that it shows.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { reader, type Comment, type Entry, type Group } from './api-exports.ts'
import { anchorOf, sectionsOf } from './headings.ts'

/** A page, and the sources that it is made of. */
export interface ApiPage {
  readonly name: string
  /** The module whose exports it lists. */
  readonly entry: string
  /** The name by which users import it. */
  readonly importedFrom: string
  /** The files; all if absent. */
  readonly files?: readonly string[]
}

export const apiPages: readonly ApiPage[] = [
  { name: 'kernel', entry: 'src/kernel/index.ts', importedFrom: 'hmmcheck/kernel' },
  { name: 'properties', entry: 'properties/index.ts', importedFrom: 'hmmcheck/properties' },
  {
    name: 'catalogue',
    entry: 'src/index.ts',
    importedFrom: 'hmmcheck',
    files: [
      'src/catalogue/protocol.ts',
      'src/language/fixes.ts',
      'src/catalogue/define.ts',
      'src/catalogue/variants.ts',
      'src/catalogue/under-review.ts',
      'src/catalogue/setting.ts',
      'src/language/select.ts',
      'src/explorer/check-protocol.ts',
      'src/explorer/result.ts',
      'src/semantics/counterexample.ts',
      'src/semantics/machine.ts',
      'src/semantics/execute.ts',
      'src/report/draw.ts',
      'src/analysis/warning.ts',
      'src/catalogue/usage.ts',
    ],
  },
]

/** An example, and the exports that it shows. */
export interface ApiExample {
  readonly shows: readonly string[]
  readonly code: string
}
export interface Handwritten {
  readonly introduction: string
  /** The declarations that all examples of the page share. */
  readonly shared: string
  readonly examples: readonly ApiExample[]
}

/** The hand-written parts of a page. */
export function handwrittenOf({ name }: ApiPage): Handwritten {
  const text = readFileSync(join(import.meta.dirname, 'examples', `${name}.md`), 'utf8')
  const [introduction = ''] = text.split(/^## /m)
  return {
    introduction: introduction.trim(),
    shared: codeIn(introduction),
    examples: sectionsOf(text).map((section) => ({ shows: section.heading.split(', '), code: codeIn(section.text) })),
  }
}

const codeIn = (markdown: string): string => /^```ts\n([^]*?)^```$/m.exec(markdown)?.[1] ?? ''

const isType = ({ kind }: Entry): boolean => kind === 'type'

/** The groups of a page: what stands in its files, in their order. */
export const groupsOf: (page: ApiPage) => readonly Group[] = (() => {
  let read: ReturnType<typeof reader> | undefined
  return ({ entry, files }) => {
    read ??= reader(apiPages.map((page) => page.entry))
    const groups = read(entry)
    return files === undefined ? groups : files.flatMap((file) => groups.filter((group) => group.file === file))
  }
})()

export const apiFile = ({ name }: ApiPage): string => join(import.meta.dirname, `${name}.md`)

/** The page as it should be. */
export function apiPageOf(page: ApiPage): string {
  const { introduction, examples } = handwrittenOf(page)
  const groups = groupsOf(page)
  const contents = groups.map((group) => {
    const subject = subjectOf(group)
    return `- [${subject}](#${anchorOf(subject)}): ${group.entries.map(linkTo).join(', ')}`
  })
  const { entry, importedFrom } = page
  const [title = '', ...others] = introduction.split('\n')
  return (
    [
      title,
      `Made by \`npm run docs:api\` from the doc comments of \`${entry}\` and what it exports; what is imported from \`${importedFrom}\`.`,
      others.join('\n').trim(),
      contents.join('\n'),
      ...groups.flatMap((group) => groupText(group, examples)),
    ].join('\n\n') + '\n'
  )
}

/** The subject of a file: its first words, up to the first stop. */
function subjectOf({ file, comment }: Group): string {
  const [subject = ''] = comment.replace(/ \([^]*?\)/, '').split(/[:.;]/)
  return subject.trim() === '' ? basename(file) : subject.trim().replaceAll('`', '')
}

const headingOf = (entry: Entry): string => (isType(entry) ? `type ${entry.name}` : entry.name)
const linkTo = (entry: Entry): string => `[\`${entry.name}\`](#${anchorOf(headingOf(entry))})`

function groupText(group: Group, examples: readonly ApiExample[]): readonly string[] {
  return [
    `## ${subjectOf(group)}`,
    `\`${group.file}\`: ${markdown(group.comment)}`,
    ...group.entries.flatMap((entry) => [
      `### ${isType(entry) ? 'type ' : ''}\`${entry.name}\``,
      entryText(entry),
      ...exampleOf(entry, group, examples),
    ]),
  ]
}

function exampleOf(entry: Entry, { entries }: Group, examples: readonly ApiExample[]): readonly string[] {
  const example = examples.find(({ shows }) => shows.includes(entry.name))
  if (example === undefined || isType(entry)) return []
  const [first = ''] = example.shows
  if (first === entry.name) return [`\`\`\`ts\n${example.code}\`\`\``]
  const shown = entries.find(({ name }) => name === first)
  return [`Example: ${shown === undefined ? `[\`${first}\`](#${anchorOf(first)})` : linkTo(shown)}.`]
}

function entryText(entry: Entry): string {
  const { kind, signature, facts, comment, members } = entry
  const isLong = signature.includes('\n') || signature.length > 120
  const head = isLong ? `\`\`\`ts\n${dedented(signature)}\n\`\`\`` : `\`${signature}\``
  const list = members.map((member) => memberText(member)).join('\n')
  return [
    facts.length === 0 ? head : isLong ? `${head}\n\n${facts.join('; ')}.` : `${head}: ${markdown(facts.join('; '))}.`,
    commentText(comment),
    list === '' ? '' : `${kind === 'function' ? 'It gives:' : 'It has:'}\n\n${list}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function memberText({ signature, facts, comment }: Entry): string {
  const said = markdown(comment.text).replace(/\s*\n\s*/g, ' ')
  const parameters = comment.parameters.map(({ name, text }) => ` \`${name}\`: ${markdown(text)}.`).join('')
  const head = `- \`${signature.replace(/\s*\n\s*/g, ' ')}\`${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`
  return `${head}${said === '' ? '' : `: ${said}`}${parameters}`
}

function commentText({ text, parameters, returns, throws }: Comment): string {
  const tags = [
    ...parameters.map(({ name, text: said }) => `- \`${name}\`: ${markdown(said)}`),
    ...(returns === undefined ? [] : [`- gives ${markdown(returns)}`]),
    ...throws.map((said) => `- throws ${markdown(said)}`),
  ]
  return [markdown(text), tags.join('\n')].filter((part) => part !== '').join('\n\n')
}

/** A doc comment as Markdown: `<`, `*` and `_` of C and TypeScript are escaped. Code stays as it is. */
const markdown = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      if (line.startsWith('    ')) return line
      return line
        .split(/(`[^`]*`)/)
        .map((part, n) => (n % 2 === 1 ? part : escaped(part)))
        .join('')
    })
    .join('\n')

const escaped = (text: string): string =>
  text
    .replaceAll('<', '&lt;')
    .replace(/\*(?=\w)/g, '\\*')
    .replace(/(?<!\w)_+(?=\w)/g, (under) => under.replaceAll('_', '\\_'))

/** The text without the indentation that its lines behind the first have in common. */
function dedented(text: string): string {
  const [first = '', ...lines] = text.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)?.[0].length ?? 0)
  const common = Math.min(...indents)
  return [first, ...lines.map((line) => line.slice(common))].join('\n')
}
