/** One name, one thing: an exported name of src is declared in one file. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const declared = /^export (?:declare )?(?:async )?(?:const|let|function\*?|interface|type|class) (\w+)/gm

/** @type {Map<string, Map<string, Set<string>>>} by folder: exported names and the files that declare them */
const known = new Map()

/** @param {string} folder */
function declarationsIn(folder) {
  const found = known.get(folder) ?? new Map()
  if (known.has(folder)) return found
  known.set(folder, found)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue
    const file = join(folder, name)
    for (const [, word = ''] of readFileSync(file, 'utf8').matchAll(declared)) {
      const files = found.get(word) ?? new Set()
      found.set(word, files.add(file))
    }
  }
  return found
}

/** @type {import('eslint').Rule.RuleModule} */
export const oneDeclaration = {
  meta: {
    type: 'problem',
    messages: { twice: '{{name}} is declared in {{others}}, too: one name has one meaning, see docs/glossary.md' },
    schema: [],
  },
  create: (context) => {
    const folder = join(context.cwd, 'src')
    const report = (id) => {
      const others = [...(declarationsIn(folder).get(id.name) ?? [])].filter((file) => file !== context.filename)
      if (others.length > 0)
        context.report({
          node: id,
          messageId: 'twice',
          data: { name: id.name, others: others.map((file) => relative(context.cwd, file)).join(', ') },
        })
    }
    return {
      ExportNamedDeclaration({ declaration }) {
        if (declaration == null) return
        if (declaration.type === 'VariableDeclaration')
          for (const { id } of declaration.declarations) {
            if (id.type === 'Identifier') report(id)
          }
        else if (declaration.id?.type === 'Identifier') report(declaration.id)
      },
    }
  },
}
