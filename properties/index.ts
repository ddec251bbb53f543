/** What protocols that mirror an address space must keep, over the vocabulary of models/kernel. */
export * from './agree.ts'
export * from './use-after-free.ts'
export * from './invalidation.ts'
export * from './snapshot.ts'
export * from './contents.ts'
export * from './references.ts'
export * from './lifetime.ts'
export * from './locks.ts'
