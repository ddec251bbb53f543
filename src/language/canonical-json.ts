/** JSON in which equal values are equal texts. */

/**
 * A value as JSON with the keys of every object in order, so that equal values are equal texts.
 *
 * @param omit says which entries to leave out
 */
export function canonicalJson(
  value: unknown,
  omit: (owner: object, key: string, value: unknown) => boolean = () => false,
): string {
  if (Array.isArray(value)) return `[${value.map((element) => canonicalJson(element, omit)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([key, entry]) => entry !== undefined && !omit(value, key, entry))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry, omit)}`).join(',')}}`
}
