/** A command as text that a shell takes. */

/** A word, in quotes where a shell needs them. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** The command as it was typed. */
export function repeatOf(program: string, argv: readonly string[]): string {
  return [program, ...argv.map(quoted)].join(' ')
}
