/**
 * Protocols as data. Recording a model runs its text, which takes longer than most searches; a model that ships is
 * recorded and validated when the package is built, and read from a file here.
 *
 * A model is plain data (ast.ts), so that the file says all of it. Equal parts stand there once, and are one object
 * when they are read: what is remembered of a type or an expression is then found again. A statement stays an object
 * of its own, since it is a place; and a part that mentions a local is shared in one body alone, since locals are
 * numbered in each.
 */
import type { Model } from '../language/ast.ts'
import { definedBefore, definitions, type Definition } from '../language/definitions.ts'
import { knowFiles } from '../language/position.ts'
import type { Catalogue, Protocol } from './protocol.ts'

type Scalar = string | number | boolean | null

/** A value whose equal parts are one. */
interface Packed {
  readonly scalars: readonly Scalar[]
  /**
   * Texts made of two others with a slash between them, in pairs of numbers: the path of a statement begins as that of
   * the statement around it. They are numbered behind the scalars.
   */
  readonly paths: readonly number[]
  /** Keys of objects, in their order. */
  readonly shapes: readonly (readonly string[])[]
  /**
   * One node after the other, parts before the whole, which is the last: a shape and its values, or `-1 - n` and n
   * elements. A value is the number of a scalar, or of a node; nodes are numbered behind the paths.
   */
  readonly nodes: readonly number[]
}

/** What every command reads. */
interface Index {
  /** The names of the protocols, in their order. */
  readonly names: readonly string[]
  /** Of them, those that have a view. */
  readonly viewed: readonly string[]
  /** Files that positions name, relative to the package. */
  readonly files: readonly string[]
}

type Definitions = readonly Pick<Definition, 'what' | 'name' | 'at'>[]

/**
 * Files of a recorded catalogue by their names: `index.json`, the procedures of the catalogue and of the vocabulary, and
 * for each protocol its model and all else of it.
 */
export type Files = ReadonlyMap<string, string>

const INDEX = 'index.json'
/** The file of the procedures: who asks nothing about them can do without it. */
export const DEFINITIONS = 'definitions.json'
const fileOf = (protocol: string): string => `${protocol}.json`
const modelFileOf = (protocol: string): string => `${protocol}.model.json`

/**
 * A catalogue as files.
 *
 * @throws Error if a part of it is no data: a function, or undefined
 */
export function writeCatalogue(catalogue: Catalogue): Files {
  const index: Index = {
    names: catalogue.map(({ name }) => name),
    viewed: catalogue.flatMap(({ name, view }) => (view === undefined ? [] : [name])),
    files: [...new Set(catalogue.flatMap(({ model }) => filesNamedIn(model)))].toSorted(),
  }
  const known: Definitions = definitions().map(({ what, name, at }) => ({ what, name, at }))
  return new Map([
    [INDEX, JSON.stringify(index)],
    [DEFINITIONS, textOf(known)],
    ...catalogue.flatMap(({ model, ...others }) => [
      [fileOf(others.name), textOf(others)] as const,
      [modelFileOf(others.name), textOf(model)] as const,
    ]),
  ])
}

/** How many models are kept. A check of a catalogue needs one after the other; what is remembered of one goes with it. */
const mostModels = 2

/** Keeps the last models that were asked for. */
function lastModels(): (model: Model) => Model {
  const last: Model[] = []
  return (model) => {
    if (last[0] === model) return model
    const at = last.indexOf(model)
    if (at >= 0) last.splice(at, 1)
    last.unshift(model)
    last.length = Math.min(last.length, mostModels)
    return model
  }
}

/**
 * The same catalogue. All but the name of a protocol is read when it is first asked for. A model is read once more if
 * nobody has it any longer.
 *
 * @param text of a file, by its name
 */
export function readCatalogue(text: (file: string) => string): Catalogue {
  // The casts: the files are `writeCatalogue`'s, and of the same build.
  const { names, viewed, files } = JSON.parse(text(INDEX)) as Index
  knowFiles(files)
  definedBefore(() => valueOf(text(DEFINITIONS)) as Definitions)
  const kept = lastModels()
  return names.map((name) => {
    let known: WeakRef<Model> | undefined
    return protocolOf(
      name,
      viewed.includes(name),
      () => valueOf(text(fileOf(name))) as Omit<Protocol, 'model'>,
      () => {
        const model = known?.deref() ?? (valueOf(text(modelFileOf(name))) as Model)
        if (known?.deref() !== model) known = new WeakRef(model)
        return kept(model)
      },
    )
  })
}

function protocolOf(
  name: string,
  hasView: boolean,
  readOthers: () => Omit<Protocol, 'model'>,
  modelNow: () => Model,
): Protocol {
  let others: Omit<Protocol, 'model'> | undefined
  const all = (): Omit<Protocol, 'model'> => (others ??= readOthers())
  const protocol: Protocol = {
    name,
    get title() {
      return all().title
    },
    get model() {
      return modelNow()
    },
    get parameters() {
      return all().parameters
    },
    get fixes() {
      return all().fixes
    },
    get variants() {
      return all().variants
    },
    get scenarios() {
      return all().scenarios
    },
    get expectations() {
      return all().expectations
    },
  }
  // a protocol without a view has no such key
  return hasView ? Object.defineProperty(protocol, 'view', { enumerable: true, get: () => all().view }) : protocol
}

const textOf = (value: unknown): string => JSON.stringify(packed(value))
const valueOf = (text: string): unknown => unpacked(JSON.parse(text) as Packed)

/** The files that places in a value name, by the names that places have. */
export function filesNamedIn(value: unknown): readonly string[] {
  const found = new Set<string>()
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [key, inner] of Object.entries(part)) {
      const [, file] = key === 'at' && typeof inner === 'string' ? (/^(.*):\d+$/.exec(inner) ?? []) : []
      if (file !== undefined) found.add(file)
      look(inner)
    }
  }
  look(value)
  return [...found]
}

/** Kinds of expressions that mean something in one body alone. */
const OF_A_BODY: readonly unknown[] = ['local', 'bound', 'self', 'current']

/** A part that was put down: its number among the nodes, and how far it is shared. */
interface Put {
  readonly number: number
  readonly shared: 'everywhere' | 'in its body' | 'nowhere'
}

function packed(whole: unknown): Packed {
  const { scalars, paths, numberOf, count: first } = numberedScalars(whole)
  const shapes = new Map<string, number>()
  const nodes: number[] = []
  let count = first
  const everywhere = new Map<string, number>()
  let inBody = new Map<string, number>()

  const write = (node: readonly number[], shared: Put['shared']): Put => {
    const key = node.join(' ')
    const known = shared === 'nowhere' ? undefined : shared === 'everywhere' ? everywhere : inBody
    const old = known?.get(key)
    if (old !== undefined) return { number: old, shared }
    nodes.push(...node)
    known?.set(key, count)
    return { number: count++, shared }
  }
  const put = (value: unknown): Put => {
    if (typeof value !== 'object' || value === null) return { number: numberOf(scalar(value)), shared: 'everywhere' }
    // A thread or `initially` begins a body.
    if ('body' in value && 'locals' in value) inBody = new Map()
    const keys = Array.isArray(value) ? undefined : Object.keys(value)
    const parts = Object.values(value).map(put)
    const code = keys === undefined ? -1 - parts.length : shapeOf(shapes, keys)
    return write([code, ...parts.map(({ number }) => number)], sharedAs(value, parts))
  }
  put(whole)
  return { scalars, paths, shapes: [...shapes.keys()].map((keys) => JSON.parse(keys) as string[]), nodes }
}

function sharedAs(value: object, parts: readonly Put[]): Put['shared'] {
  if ('path' in value || parts.some(({ shared }) => shared === 'nowhere')) return 'nowhere'
  const isOfBody = 'kind' in value && OF_A_BODY.includes(value.kind)
  return isOfBody || parts.some(({ shared }) => shared === 'in its body') ? 'in its body' : 'everywhere'
}

function shapeOf(shapes: Map<string, number>, keys: readonly string[]): number {
  const key = JSON.stringify(keys)
  const known = shapes.get(key) ?? shapes.size
  shapes.set(key, known)
  return known
}

interface NumberedScalars extends Pick<Packed, 'scalars' | 'paths'> {
  readonly numberOf: (scalar: Scalar) => number
  readonly count: number
}

/** Every scalar in a value, numbered. */
function numberedScalars(whole: unknown): NumberedScalars {
  const plain = new Map<Scalar, number>()
  const joined = new Map<string, readonly [before: string, behind: string]>()
  const take = (one: Scalar): void => {
    const slash = typeof one === 'string' && !one.includes(' ') ? one.lastIndexOf('/') : -1
    if (typeof one !== 'string' || slash < 0) {
      if (!plain.has(one)) plain.set(one, plain.size)
    } else if (!joined.has(one)) {
      const parts = [one.slice(0, slash), one.slice(slash + 1)] as const
      parts.forEach(take)
      joined.set(one, parts)
    }
  }
  const look = (part: unknown): void => {
    if (typeof part === 'object' && part !== null) Object.values(part).forEach(look)
    else take(scalar(part))
  }
  look(whole)
  const numbers = new Map<Scalar, number>(plain)
  for (const one of joined.keys()) numbers.set(one, numbers.size)
  const numberOf = (one: Scalar): number => numbers.get(one) ?? -1
  return {
    scalars: [...plain.keys()],
    paths: [...joined.values()].flatMap((parts) => parts.map(numberOf)),
    numberOf,
    count: numbers.size,
  }
}

function scalar(value: unknown): Scalar {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  throw new Error(`a model has a ${typeof value} in it, which is no data`)
}

function unpacked({ scalars, paths, shapes, nodes }: Packed): unknown {
  const values: unknown[] = [...scalars]
  for (let n = 0; n < paths.length; n += 2)
    values.push(`${String(values[paths[n] ?? -1])}/${String(values[paths[n + 1] ?? -1])}`)
  // plain loops: a model has some hundred thousand parts
  for (let at = 0; at < nodes.length; ) {
    const code = nodes[at++] ?? -1
    if (code < 0) {
      const list: unknown[] = []
      for (const end = at - 1 - code; at < end; at++) list.push(values[nodes[at] ?? -1])
      values.push(list)
    } else {
      const node: Record<string, unknown> = {}
      for (const key of shapes[code] ?? []) node[key] = values[nodes[at++] ?? -1]
      values.push(node)
    }
  }
  return values.at(-1)
}
