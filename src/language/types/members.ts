/**
 * The answer of a handle that is asked for something it does not have: JavaScript would say undefined, and
 * TypeScript may not have been asked.
 * It is the last prototype of every handle, so that what a handle does have costs nothing more.
 */
import type { Expression } from '../ast.ts'
import { modelError, type ModelError } from '../errors.ts'
import { textOf } from '../labels.ts'
import { nearest } from '../near.ts'
import { names } from '../recorder.ts'

/** Asked for by JavaScript itself and by tools that look at objects. */
const quiet: ReadonlySet<string> = new Set([
  'then',
  'toJSON',
  'inspect',
  'asymmetricMatch',
  'toAsymmetricMatcher',
  'nodeType',
  'tagName',
  'splice',
  'recorded',
  'Else',
  '_isMockFunction',
])

/** Only what looks like a name in a model's text. */
const isName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !quiet.has(name)

const textOfHandle = (handle: object): string =>
  'node' in handle && isNode(handle.node) ? textOf(handle.node, names()) : 'this handle'
const isNode = (node: unknown): node is Expression => typeof node === 'object' && node !== null && 'kind' in node

/** Names that can be written behind the dot of a handle. */
function membersOf(handle: object): readonly string[] {
  const found: string[] = []
  for (const name in handle) if (name !== 'node' && name !== 'type') found.push(name)
  return found
}

/** `driver.ptee` */
function lacking(handle: object, name: string): ModelError {
  const text = textOfHandle(handle)
  const members = membersOf(handle)
  const near = nearest(name, members)
  const isChange = [
    'set',
    'increment',
    'decrement',
    'add',
    'remove',
    'clear',
    'push',
    'pop',
    'discard',
    'setBits',
    'clearBits',
  ].includes(name)
  if (isChange && !members.includes('set')) {
    return modelError('HMM006', `${text}.${name}: ${text} cannot be assigned to`)
  }
  const there = members.length > 12 ? [...members.slice(0, 12), '...'] : members
  return modelError(
    'HMM038',
    `${text} has no ${name}; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `it has ${there.join(', ')}`}`,
  )
}

/** Only while a model's text runs does a handle become a number or text by an operator of JavaScript. */
function operator(handle: object): ModelError {
  return modelError('HMM037', `JavaScript takes ${textOfHandle(handle)} for a number or text`)
}

/** An assignment by =, which would change a JavaScript object and not the model. */
export const assignedByJavaScript = (handle: object, name: string): ModelError =>
  modelError('HMM037', `${textOfHandle(handle)}.${name} is assigned by =`, undefined, {
    cause: "= is JavaScript's, and assigns nothing in the model",
    remedy: `write ${textOfHandle(handle)}.${name}.set(...)`,
  })

export const unknownMembers: object = new Proxy(
  {},
  {
    get(_, name, handle: object): unknown {
      if (name === Symbol.toPrimitive)
        return () => {
          throw operator(handle)
        }
      if (typeof name === 'symbol' || name in Object.prototype || !isName(name))
        return Reflect.get(Object.prototype, name, handle)
      throw lacking(handle, name)
    },
    set(_, name, __, handle: object): boolean {
      throw assignedByJavaScript(handle, String(name))
    },
  },
)
