/** Comments of C. */

/** A comment of one line: what stands in it cannot end it. */
export const commentOf = (text: string): string =>
  `/* ${text.replaceAll('*/', '* /').replaceAll('/*', '/ *').replaceAll(/\s+/g, ' ')} */`
