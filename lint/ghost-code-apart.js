/**
 * Keeps ghost code apart from the text of a protocol: a `Cover`, a `Collect`, an assignment of a ghost, and a call of
 * a function that is nothing but a `Ghost` block stand in `Ghost(() => { ... })`. (What else must not stand there is a
 * mistake of the model, HMM029.)
 *
 * It needs type information, to know the ghosts and functions of other files.
 */
import ts from 'typescript'

const witnesses = new Set(['Cover', 'Collect'])
const assignments = new Set(
  'set add remove clear increment decrement push pop discard setBits clearBits bump'.split(' '),
)

/** @param {ts.Node | undefined} node whether it is a call of the function of this name */
const isCallOf = (node, name) =>
  node !== undefined && ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === name

/** The function that a declaration declares, if it does. */
function functionOf(declaration) {
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration
  if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyAssignment(declaration)) return undefined
  const { initializer } = declaration
  return initializer !== undefined && (ts.isArrowFunction(initializer) || ts.isFunctionExpression(initializer))
    ? initializer
    : undefined
}

/** Whether a Ghost block is all that a function is. */
function isGhostCode({ body }) {
  if (body === undefined) return false
  if (!ts.isBlock(body)) return isCallOf(body, 'Ghost')
  const [only, ...others] = body.statements
  return (
    others.length === 0 &&
    only !== undefined &&
    (ts.isExpressionStatement(only) || ts.isReturnStatement(only)) &&
    isCallOf(only.expression, 'Ghost')
  )
}

/** The variable at the beginning of `owed.at(cpu).va`. */
const rootOf = (node) =>
  ts.isCallExpression(node) || ts.isPropertyAccessExpression(node) ? rootOf(node.expression) : node

/** What a variable is set to where it is declared, also as a part: `const { va } = owed.at(cpu)`. */
function initializerOf(declaration) {
  if (ts.isBindingElement(declaration)) return initializerOf(declaration.parent.parent)
  return ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
}

/** @type {import('eslint').Rule.RuleModule} */
export const ghostCodeApart = {
  meta: {
    type: 'problem',
    messages: { apart: '{{what}} is ghost code: write it in Ghost(() => ...)' },
    schema: [],
  },
  create(context) {
    const services = context.sourceCode.parserServices
    const checker = services.program.getTypeChecker()

    const declarationOf = (node) => {
      const symbol = checker.getSymbolAtLocation(node)
      if (symbol === undefined) return undefined
      const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      return original.valueDeclaration
    }
    const isGhost = (node) => {
      const declaration = declarationOf(rootOf(node))
      const initializer = declaration === undefined ? undefined : initializerOf(declaration)
      return initializer !== undefined && (isCallOf(initializer, 'ghost') || isGhost(initializer))
    }
    const callsGhostCode = (callee) => {
      const declaration = declarationOf(ts.isPropertyAccessExpression(callee) ? callee.name : callee)
      const called = declaration === undefined ? undefined : functionOf(declaration)
      return called !== undefined && isGhostCode(called)
    }
    /** What of the call is ghost code. */
    const ghostCodeIn = ({ callee }) => {
      if (callee.type === 'Identifier' && witnesses.has(callee.name)) return `${callee.name}()`
      const node = services.esTreeNodeToTSNodeMap.get(callee)
      if (callee.type === 'MemberExpression' && assignments.has(callee.property.name) && isGhost(node))
        return `an assignment of ${context.sourceCode.getText(callee.object)}`
      return callsGhostCode(node) ? `${context.sourceCode.getText(callee)}()` : undefined
    }
    const isGhostBlock = ({ type, callee }) =>
      type === 'CallExpression' && callee.type === 'Identifier' && callee.name === 'Ghost'
    return {
      CallExpression(node) {
        if (isGhostBlock(node) || context.sourceCode.getAncestors(node).some(isGhostBlock)) return
        const what = ghostCodeIn(node)
        if (what !== undefined) context.report({ node: node.callee, messageId: 'apart', data: { what } })
      },
    }
  },
}
