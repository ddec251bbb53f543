/** The parts of the abstract syntax that say something to readers, and change nothing of what a model does. */

/**
 * Documentation: the places in the source, the kernel function of a statement, the source of a claim, the reasons for
 * keeping an id or a lock and for one atomic step, and whether a procedure reads without a lock. It is recognised by
 * the value, not the key: a record's field with the name `at` or `source` holds a type or an expression, never a text.
 */
export function isDocumentation(_: object, key: string, value: unknown): boolean {
  if (key === 'returns') return typeof value === 'number'
  return typeof value === 'string'
    ? ['at', 'source', 'claim', 'held', 'reused', 'atomically', 'epoch', 'local', 'bumps', 'keepsLocks'].includes(key)
    : ['undeclared', 'byDefault', 'lockless'].includes(key) && value === true
}
