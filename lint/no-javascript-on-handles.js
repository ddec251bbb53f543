/**
 * Refuses JavaScript's own tests on what stands for an expression of a model: `x || y`, `!x`, `while (x)`.
 *
 * They see an object, which is always true, and nothing of them comes to be part of the model. The compiler refuses
 * some of them (TS2774), not all.
 * It needs type information.
 */
const remedies = {
  '&&': 'and(...)',
  '||': 'or(...)',
  '!': 'not(...)',
  '?:': 'cond(...), or If(...)',
  if: 'If(...)',
  while: 'Loop(...) with Break()',
  '==': '.eq(...)',
  '!=': '.ne(...)',
}

/** @type {import('eslint').Rule.RuleModule} */
export const noJavaScriptOnHandles = {
  meta: {
    type: 'problem',
    messages: {
      handle: '`{{operator}}` is JavaScript and sees only an object, not the value in the model: write {{remedy}}',
    },
    schema: [],
  },
  create(context) {
    const services = context.sourceCode.parserServices
    const checker = services.program.getTypeChecker()

    /** Handles have an expression as their node; a statement has nothing but the word that it was recorded. */
    const isHandle = (type) => {
      if (type.isUnionOrIntersection()) return type.types.some(isHandle)
      const node = type.getProperty('node')
      if (node !== undefined) return checker.typeToString(checker.getTypeOfSymbol(node)) === 'Expression'
      return type.getProperty('recorded') !== undefined
    }
    const refuse = (operator, operand) => {
      if (operand != null && isHandle(services.getTypeAtLocation(operand))) {
        context.report({ node: operand, messageId: 'handle', data: { operator, remedy: remedies[operator] } })
      }
    }
    return {
      LogicalExpression({ operator, left, right }) {
        if (operator === '??') return
        refuse(operator, left)
        refuse(operator, right)
      },
      UnaryExpression({ operator, argument }) {
        if (operator === '!') refuse('!', argument)
      },
      BinaryExpression({ operator, left, right }) {
        // Whether there is a handle at all is a question of JavaScript's.
        if (right.type === 'Identifier' && right.name === 'undefined') return
        if (operator === '===' || operator === '==') refuse('==', left)
        if (operator === '!==' || operator === '!=') refuse('!=', left)
      },
      ConditionalExpression({ test }) {
        refuse('?:', test)
      },
      IfStatement({ test }) {
        refuse('if', test)
      },
      WhileStatement({ test }) {
        refuse('while', test)
      },
      DoWhileStatement({ test }) {
        refuse('while', test)
      },
      ForStatement({ test }) {
        refuse('while', test)
      },
    }
  },
}
