/** A variable that must always hold an element of a sort needs the sort to have one. */
import type { ConfiguredModel, Type } from '../ast.ts'
import { modelError } from '../errors.ts'

export function checkElements({ variables, sizes }: ConfiguredModel): void {
  for (const { name, type } of variables) {
    const sort = missing(type, sizes)
    if (sort !== undefined)
      throw modelError(
        'HMM033',
        `the variable ${name} holds an element of ${sort}, which has none`,
        `the variable ${name}`,
      )
  }
}

/** The empty sort of which a value of this type must hold an element. */
function missing(type: Type, sizes: Readonly<Record<string, number>>): string | undefined {
  const among = (types: readonly Type[]): string | undefined => {
    for (const of of types) {
      const sort = missing(of, sizes)
      if (sort !== undefined) return sort
    }
    return undefined
  }
  switch (type.kind) {
    case 'id':
      return sizes[type.sort] === 0 ? type.sort : undefined
    case 'record':
      return among(Object.values(type.fields))
    // Until it is set, a union has its first case.
    case 'union':
      return among(Object.values(Object.values(type.cases)[0] ?? {}))
    case 'array':
      return missing(type.index, sizes) === undefined ? missing(type.of, sizes) : undefined
    case 'bool':
    case 'int':
    case 'enum':
    case 'optional':
    case 'set':
    case 'queue':
      return undefined
  }
}
