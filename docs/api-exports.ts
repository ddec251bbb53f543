/**
 * The exports of an entry of the package, read from its sources by the TypeScript compiler: signatures in short form,
 * and doc comments.
 */
import { join, relative } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')

/** A doc comment. Lines stand as they are written; a tag's text is one line. */
export interface Comment {
  readonly text: string
  readonly parameters: readonly { readonly name: string; readonly text: string }[]
  readonly returns: string | undefined
  readonly throws: readonly string[]
}

/** An export, or a member of what it returns or of what a type has. */
export interface Entry {
  readonly name: string
  /** atomic and procedure: of the model, called like a function of C. */
  readonly kind: 'atomic' | 'procedure' | 'function' | 'value' | 'type'
  /** `mutex_lock(lock: ref(Mutex))` */
  readonly signature: string
  /** Further facts: `one transition`, its place in the kernel, the property that it is. */
  readonly facts: readonly string[]
  readonly comment: Comment
  readonly members: readonly Entry[]
}

/** The exports that stand in one file. */
export interface Group {
  readonly file: string
  readonly comment: string
  readonly entries: readonly Entry[]
}

/** Reads the exports of several entries in one program. */
export function reader(entries: readonly string[]): (entry: string) => readonly Group[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile) as { readonly config: unknown }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    options,
  )
  return (entry) => groupsOf(program, program.getTypeChecker(), join(root, entry))
}

function groupsOf(program: ts.Program, checker: ts.TypeChecker, path: string): readonly Group[] {
  const source = program.getSourceFile(path)
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${path} is no module`)
  const found = new Map<ts.SourceFile, { readonly at: number; readonly entry: Entry }[]>()
  for (const symbol of checker.getExportsOfModule(module)) {
    const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    const [declaration] = declared.declarations ?? []
    if (declaration === undefined) continue
    const file = declaration.getSourceFile()
    if (!found.has(file)) found.set(file, [])
    found.get(file)?.push({ at: declaration.pos, entry: entryOf(checker, symbol.name, declared) })
  }
  return [...found].map(([file, all]) => ({
    file: relative(root, file.fileName),
    comment: moduleComment(file),
    entries: all.toSorted((a, b) => a.at - b.at).map(({ entry }) => entry),
  }))
}

/** The comment at the top of a file. */
function moduleComment(file: ts.SourceFile): string {
  const [first] = ts.getLeadingCommentRanges(file.text, 0) ?? []
  if (first === undefined) return ''
  const lines = file.text
    .slice(first.pos, first.end)
    .replace(/^\/\*\*?|\*\/$/g, '')
    .split('\n')
  return lines
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()
}

function entryOf(checker: ts.TypeChecker, name: string, symbol: ts.Symbol): Entry {
  const chain = chainOf(checker, symbol)
  const declaration = chain.at(-1)?.declarations?.[0]
  const commented = chain.find((one) => one.getDocumentationComment(checker).length > 0) ?? symbol
  const others = { name, comment: commentOf(checker, commented) }
  if (declaration === undefined) throw new Error(`${name} is declared nowhere`)
  const value = madeIn(valueOf(declaration))
  if (isTypeDeclaration(declaration)) {
    const given = ts.isTypeAliasDeclaration(declaration) ? [] : [...declaration.members]
    const members = given.flatMap((member) => memberOf(checker, member))
    const kind = ts.isClassDeclaration(declaration) ? 'value' : 'type'
    return { ...others, kind, signature: headOf(declaration), facts: [], members }
  }
  const recorded = recordedProcedure(value)
  if (recorded !== undefined) {
    const { kind, facts, call } = recorded
    return { ...others, kind, facts, members: [], signature: procedureText(checker, name, call) }
  }
  if (isFunction(value)) {
    const returned = returnedBy(value)
    const isObject = value.type === undefined && returned !== undefined && ts.isObjectLiteralExpression(returned)
    // a mapped type adds properties that are declared nowhere
    const given = isObject
      ? propertiesOf(checker, returned).filter(({ declarations }) => declarations !== undefined)
      : []
    return {
      ...others,
      kind: 'function',
      signature: functionText(checker, name, value, given.length > 0),
      facts: returned === undefined ? [] : propertyFacts(returned),
      members: given.map((member) => entryOf(checker, member.name, member)),
    }
  }
  return { ...others, kind: 'value', signature: plainText(checker, name, declaration, value), facts: [], members: [] }
}

type TypeDeclaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration
const isTypeDeclaration = (node: ts.Node): node is TypeDeclaration =>
  ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node)

/** A symbol and what it stands for: `{ lock_page: lock }` is what `lock` is bound to. */
function chainOf(checker: ts.TypeChecker, symbol: ts.Symbol): readonly ts.Symbol[] {
  const next = follow(checker, symbol)
  return next === undefined || next === symbol ? [symbol] : [symbol, ...chainOf(checker, next)]
}

function follow(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol | undefined {
  const [declaration] = symbol.declarations ?? []
  if (declaration === undefined) return undefined
  if (ts.isShorthandPropertyAssignment(declaration)) return checker.getShorthandAssignmentValueSymbol(declaration)
  if (ts.isPropertyAssignment(declaration) && ts.isIdentifier(declaration.initializer)) {
    return checker.getSymbolAtLocation(declaration.initializer)
  }
  if (ts.isBindingElement(declaration) && ts.isObjectBindingPattern(declaration.parent)) {
    const bound = declaration.propertyName ?? declaration.name
    return ts.isIdentifier(bound) ? checker.getTypeAtLocation(declaration.parent).getProperty(bound.text) : undefined
  }
  return undefined
}

/** The value that a declaration names. */
function valueOf(declaration: ts.Declaration): ts.Node {
  const isGiven = ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)
  return isGiven ? (declaration.initializer ?? declaration) : declaration
}

/** The properties of an object, in the order in which they are written, those of objects that are spread included. */
function propertiesOf(checker: ts.TypeChecker, object: ts.ObjectLiteralExpression): readonly ts.Symbol[] {
  const type = checker.getTypeAtLocation(object)
  return object.properties.flatMap((one) => {
    const names = ts.isSpreadAssignment(one)
      ? checker.getTypeAtLocation(one.expression).getProperties()
      : [checker.getSymbolAtLocation(one.name)]
    return names.flatMap((symbol) => (symbol && type.getProperty(symbol.name)) ?? [])
  })
}

/** The function in `tested('P-AGREE', (tables) => [...])`; another node as it is. */
function madeIn(node: ts.Node): ts.Node {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return node
  const [, made] = node.arguments
  return ['tested', 'claimed'].includes(node.expression.text) && made !== undefined ? made : node
}

type FunctionLike = ts.ArrowFunction | ts.FunctionDeclaration | ts.MethodDeclaration
const isFunction = (node: ts.Node): node is FunctionLike =>
  ts.isArrowFunction(node) || ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)

/** The expression that a function returns in its last statement. */
function returnedBy({ body }: FunctionLike): ts.Expression | undefined {
  if (body === undefined) return undefined
  if (!ts.isBlock(body)) return ts.isParenthesizedExpression(body) ? body.expression : body
  const last = body.statements.at(-1)
  return last !== undefined && ts.isReturnStatement(last) ? last.expression : undefined
}

interface RecordedProcedure extends Pick<Entry, 'facts'> {
  readonly call: ts.CallExpression
  readonly kind: 'atomic' | 'procedure'
}

/** `atomic('mutex_lock', [...], body, options)`, or with `procedure`. */
function recordedProcedure(node: ts.Node): RecordedProcedure | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined
  const kind = node.expression.text
  if (kind !== 'atomic' && kind !== 'procedure') return undefined
  const source = stringOf(option(node.arguments[3], 'source'))
  const isLockless = option(node.arguments[3], 'lockless') !== undefined
  const size = kind === 'atomic' ? 'one transition' : 'several transitions'
  return { call: node, kind, facts: [size, ...(source === '' ? [] : [source]), ...(isLockless ? ['lockless'] : [])] }
}

/** `invariant('P-AGREE', condition, { claim })`, or another kind of property: its name and kind, and who claims it. */
function propertyFacts(node: ts.Node): readonly string[] {
  if (ts.isArrayLiteralExpression(node)) {
    const [property, witness] = node.elements.map(propertyFacts)
    return [...(property ?? []), ...(witness ?? []).map((fact) => `with ${fact}`)]
  }
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return []
  const kind = node.expression.text
  if (!['invariant', 'transition', 'assertion', 'sometimes'].includes(kind)) return []
  const claim = stringOf(option(node.arguments.at(-1), 'claim'))
  return [`\`${stringOf(node.arguments[0])}\`, ${kind}`, ...(claim === '' ? [] : [claim])]
}

/** The value of an object literal under a name. */
function option(node: ts.Node | undefined, name: string): ts.Expression | undefined {
  if (node === undefined || !ts.isObjectLiteralExpression(node)) return undefined
  const found = node.properties.find((one) => ts.isPropertyAssignment(one) && one.name.getText() === name)
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined
}

function procedureText(checker: ts.TypeChecker, name: string, call: ts.CallExpression): string {
  const [, types, body] = call.arguments
  const given = types !== undefined && ts.isArrayLiteralExpression(types) ? types.elements : []
  const names =
    body !== undefined && isFunction(body) ? body.parameters.map((one) => one.name.getText().replace(/^_/, '')) : []
  const parameters = given.map((type, n) => `${names[n] ?? 'of'}: ${type.getText().replace(/\.as\('\w+'\)/, '')}`)
  return `${name}(${parameters.join(', ')})${calledText(checker, call)}`
}

/** The result type of a call of a function. */
function calledText(checker: ts.TypeChecker, of: ts.Node): string {
  const [signature] = checker.getTypeAtLocation(of).getCallSignatures()
  return signature === undefined ? '' : resultText(checker.typeToString(signature.getReturnType()))
}

/** The type of what a call of the model is worth, as a model's text says it. */
function resultText(type: string): string {
  const said = type
    .replaceAll('"', "'")
    .replace(/^(Bool|Int)Place$/, '$1')
    .replace(/^IdPlace</, 'Id<')
    .replace(/^OptionalPlace<SortType<'(\w+)'>>$/, 'optional($1)')
  return said === 'Recorded' ? '' : `: ${said}`
}

function functionText(checker: ts.TypeChecker, name: string, of: FunctionLike, hasMembers: boolean): string {
  const parameters = of.parameters.map((parameter) => {
    const { initializer } = parameter
    const said = parameter.type === undefined ? '' : typeText(checker, parameter.type)
    const given = initializer?.getText() ?? ''
    const fallback = given === '' || given === '{}' || given.includes('=>') ? '' : ` = ${given}`
    const isOptional = parameter.questionToken !== undefined || (initializer !== undefined && fallback === '')
    const named = ts.isIdentifier(parameter.name) ? parameter.name.text : said.includes('Options') ? 'options' : 'of'
    return `${parameter.dotDotDotToken === undefined ? '' : '...'}${named}${isOptional ? '?' : ''}: ${said}${fallback}`
  })
  return `${name}(${parameters.join(', ')})${hasMembers ? '' : returnText(checker, of)}`
}

function returnText(checker: ts.TypeChecker, of: FunctionLike): string {
  if (of.type !== undefined) return resultText(typeText(checker, of.type))
  const returned = returnedBy(of)
  const recorded = returned && recordedProcedure(returned)
  if (recorded !== undefined) return `: ${procedureText(checker, stringOf(recorded.call.arguments[0]), recorded.call)}`
  if (returned !== undefined && ts.isCallExpression(returned)) return `: ${oneLine(returned.getText())}`
  return calledText(checker, of)
}

const stringOf = (node: ts.Node | undefined): string =>
  node !== undefined && ts.isStringLiteral(node) ? node.text : ''

/** A type as it is written; one that only its file knows as what it stands for. */
function typeText(checker: ts.TypeChecker, node: ts.TypeNode): string {
  if (ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)) {
    const [declaration] = checker.getSymbolAtLocation(node.typeName)?.declarations ?? []
    const isAlias = declaration !== undefined && ts.isTypeAliasDeclaration(declaration)
    if (isAlias && declaration.getSourceFile() === node.getSourceFile() && !isExported(declaration)) {
      return typeText(checker, declaration.type)
    }
  }
  return renamed(node, oneLine(node.getText()))
}

/** A text of a file with what it imports under another name by the name that others know. */
function renamed(node: ts.Node, text: string): string {
  let said = text
  for (const statement of node.getSourceFile().statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue
    for (const { name, propertyName } of bindings.elements) {
      if (propertyName !== undefined) said = said.replace(new RegExp(`\\b${name.text}\\b`, 'g'), propertyName.text)
    }
  }
  return said
}

const has = (modifiers: readonly ts.ModifierLike[] | undefined, kind: ts.SyntaxKind): boolean =>
  modifiers?.some((one) => one.kind === kind) === true
const isExported = ({ modifiers }: ts.TypeAliasDeclaration): boolean => has(modifiers, ts.SyntaxKind.ExportKeyword)

/** A constant with what it is made by; something that is given, with its type. */
function plainText(checker: ts.TypeChecker, name: string, declaration: ts.Declaration, value: ts.Node): string {
  if (ts.isPropertySignature(declaration)) {
    const optional = declaration.questionToken === undefined ? '' : '?'
    return `${name}${optional}: ${declaration.type === undefined ? '' : typeText(checker, declaration.type)}`
  }
  if (value !== declaration) return `${name} = ${value.getText()}`
  return `${name}${resultText(checker.typeToString(checker.getTypeAtLocation(declaration)))}`
}

/** The first line of a type, or all of an alias. */
function headOf(declaration: TypeDeclaration): string {
  if (ts.isTypeAliasDeclaration(declaration)) return oneLine(declaration.getText().replace(/^export /, ''))
  const parents = declaration.heritageClauses?.map((clause) => ` ${oneLine(clause.getText())}`).join('') ?? ''
  const of = declaration.typeParameters?.map((one) => one.getText().replace(/^const /, '')).join(', ')
  const word = ts.isClassDeclaration(declaration) ? 'class' : 'interface'
  return `${word} ${declaration.name?.text ?? ''}${of === undefined ? '' : `<${of}>`}${parents}`
}

function memberOf(checker: ts.TypeChecker, member: ts.TypeElement | ts.ClassElement): readonly Entry[] {
  const symbol = member.name && checker.getSymbolAtLocation(member.name)
  const isOverride = ts.isPropertyDeclaration(member) && has(member.modifiers, ts.SyntaxKind.OverrideKeyword)
  if (symbol === undefined || isOverride) return []
  const signature = renamed(
    member,
    oneLine(
      member
        .getText()
        .replace(/^readonly /, '')
        .replace(/;$/, ''),
    ),
  )
  return [{ name: symbol.name, kind: 'value', signature, facts: [], comment: commentOf(checker, symbol), members: [] }]
}

function commentOf(checker: ts.TypeChecker, symbol: ts.Symbol): Comment {
  const tags = symbol
    .getJsDocTags(checker)
    .map(({ name, text }) => ({ tag: name, text: oneLine(ts.displayPartsToString(text)) }))
  const parameters = tags
    .filter(({ tag }) => tag === 'param')
    .map(({ text }) => {
      const [, name = '', said = ''] = /^(\S+)\s*([^]*)$/.exec(text) ?? []
      return { name, text: said }
    })
  return {
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    parameters,
    returns: tags.find(({ tag }) => tag === 'returns')?.text,
    throws: tags.filter(({ tag }) => tag === 'throws').map(({ text }) => text),
  }
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ')
