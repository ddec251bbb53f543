/** Patterns of names on the command line: `my-*`, in which a star stands for any letters. */

/** Whether a word is one. */
export const isPattern = (word: string): boolean => word.includes('*')

/** Whether a name is one that a pattern means; of a word without a star, whether it is that name. */
export function matching(pattern: string): (name: string) => boolean {
  const whole = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  )
  return (name) => whole.test(name)
}
