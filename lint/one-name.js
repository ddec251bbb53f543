/**
 * Holds the two names of a thing equal: `const f = procedure('f', ...)`. A schedule says the one, the source the
 * other.
 */

const words = new Set(['procedure', 'atomic', 'sort'])

/** @type {import('eslint').Rule.RuleModule} */
export const oneName = {
  meta: {
    type: 'problem',
    messages: { names: "{{word}}('{{said}}') is kept in the constant {{kept}}: give them one name" },
    schema: [],
  },
  create: (context) => ({
    VariableDeclarator({ id, init }) {
      if (
        id.type !== 'Identifier' ||
        init?.type !== 'CallExpression' ||
        init.callee.type !== 'Identifier' ||
        !words.has(init.callee.name)
      )
        return
      const [name] = init.arguments
      if (name?.type === 'Literal' && name.value !== id.name) {
        context.report({
          node: name,
          messageId: 'names',
          data: { word: init.callee.name, said: String(name.value), kept: id.name },
        })
      }
    },
  }),
}
