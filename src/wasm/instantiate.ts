/** Modules in use: their functions, with the types that the text which emits them promises. */

/**
 * Starts a module over a memory.
 *
 * @param names of the functions that it must export
 */
export function instantiateOver<Exports>(
  code: WebAssembly.Module,
  memory: WebAssembly.Memory,
  names: readonly (keyof Exports & string)[],
): Exports {
  const { exports } = new WebAssembly.Instance(code, { env: { memory } })
  const hasAll = (all: WebAssembly.Exports): all is WebAssembly.Exports & Exports =>
    names.every((name) => typeof all[name] === 'function')
  if (!hasAll(exports)) throw new TypeError(`a module that does not export all of ${names.join(', ')}`)
  return exports
}
