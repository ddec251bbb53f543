/**
 * The JSON Schemas of the documents that hmmcheck prints, made from their types in src: the interface of a document is
 * the one description of it. The doc comment of a field is its description.
 *
 * A number is a count, a whole number of at least 0, unless its field has the tag `@real`. A schedule has a schema of
 * its own, since schedules are also read.
 */
import { join } from 'node:path'
import ts from 'typescript'
import { z } from 'zod'
import { scheduleSchema } from '../src/schedules/schema.ts'

const root = join(import.meta.dirname, '..')

/** A JSON Schema, as plain data. */
export interface JsonSchema {
  readonly [key: string]: unknown
}

/** The types that have a schema in docs/. */
export const documents = {
  check: { file: 'src/report/json.ts', type: 'CheckDocument', title: 'What hmmcheck check --json prints' },
  fuzz: { file: 'src/report/fuzz-json.ts', type: 'FuzzDocument', title: 'What hmmcheck fuzz --json prints' },
  trace: {
    file: 'src/report/formats/trace-document.ts',
    type: 'TraceDocument',
    title: 'What hmmcheck show --format json prints',
  },
} as const

export type DocumentName = keyof typeof documents

/** The schemas of all documents, by name. */
export function documentSchemas(): Readonly<Record<DocumentName, JsonSchema>> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { readonly config: unknown }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const files = Object.values(documents).map(({ file }) => join(root, file))
  const program = ts.createProgram(files, options)
  const schema = (name: DocumentName): JsonSchema => documentSchema(program, documents[name])
  return { check: schema('check'), fuzz: schema('fuzz'), trace: schema('trace') }
}

/** A document of which a schema is made. */
interface Source {
  readonly file: string
  readonly type: string
  readonly title: string
}

function documentSchema(program: ts.Program, { file, type, title }: Source): JsonSchema {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(join(root, file))
  const module = source && checker.getSymbolAtLocation(source)
  const symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === type)
  if (symbol === undefined) throw new Error(`${file} exports no ${type}`)
  const defs: Record<string, JsonSchema> = {}
  const schema = typeSchema({ checker, defs, open: [] }, checker.getDeclaredTypeOfSymbol(symbol))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    ...schema,
    ...(Object.keys(defs).length === 0 ? {} : { $defs: defs }),
  }
}

interface Context {
  readonly checker: ts.TypeChecker
  /** Filled with the types that refer to themselves, and with that of a schedule. */
  readonly defs: Record<string, JsonSchema>
  /** The named types around the one that is described. */
  readonly open: readonly string[]
}

const COUNT: JsonSchema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

/** @param number the schema of a number here */
function typeSchema(context: Context, type: ts.Type, number: JsonSchema = COUNT): JsonSchema {
  const { checker, defs, open } = context
  const reference = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` })
  if (type.isUnion()) return unionSchema(context, type, number)
  if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value }
  if (type.flags & ts.TypeFlags.String) return { type: 'string' }
  if (type.flags & ts.TypeFlags.Number) return number
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' }
  if (type.flags & ts.TypeFlags.Null) return { type: 'null' }
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference)
    if (element === undefined) throw new Error('an array without a type of its elements')
    return { type: 'array', items: typeSchema(context, element) }
  }
  const values = checker.getIndexTypeOfType(type, ts.IndexKind.String)
  if (values !== undefined)
    return { type: 'object', propertyNames: { type: 'string' }, additionalProperties: typeSchema(context, values) }
  const name = type.isClassOrInterface() ? type.symbol.name : undefined
  if (name === undefined) return objectSchema(context, type)
  if (name === 'Schedule') {
    const { $schema: _, ...schedule } = z.toJSONSchema(scheduleSchema, { target: 'draft-2020-12', reused: 'inline' })
    const { $defs, ...rest } = schedule
    Object.assign(defs, $defs)
    defs['Schedule'] = rest
    return reference(name)
  }
  if (open.includes(name)) {
    defs[name] ??= {}
    return reference(name)
  }
  const described = objectSchema({ ...context, open: [...open, name] }, type)
  if (defs[name] === undefined) return described
  defs[name] = described
  return reference(name)
}

function unionSchema(context: Context, type: ts.UnionType, number: JsonSchema): JsonSchema {
  const literals = type.types.filter((one) => one.isStringLiteral())
  const others = type.types.filter((one) => !one.isStringLiteral() && !(one.flags & ts.TypeFlags.Undefined))
  const isBoolean = (one: ts.Type): boolean => (one.flags & ts.TypeFlags.BooleanLiteral) !== 0
  const parts = [
    ...(literals.length > 0 ? [{ type: 'string', enum: literals.map(({ value }) => value) }] : []),
    ...(others.some(isBoolean) ? [{ type: 'boolean' }] : []),
    ...others.filter((one) => !isBoolean(one)).map((one) => typeSchema(context, one, number)),
  ]
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { anyOf: parts }
}

function objectSchema(context: Context, type: ts.Type): JsonSchema {
  const { checker } = context
  const fields = checker.getPropertiesOfType(type).map((field) => {
    const text = ts.displayPartsToString(field.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ')
    const isReal = field.getJsDocTags(checker).some(({ name }) => name === 'real')
    const schema = typeSchema(context, checker.getTypeOfSymbol(field), isReal ? { type: 'number', minimum: 0 } : COUNT)
    const isOptional = (field.flags & ts.SymbolFlags.Optional) !== 0
    return { name: field.name, isOptional, schema: text === '' ? schema : { description: text, ...schema } }
  })
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    required: fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
    additionalProperties: false,
  }
}
