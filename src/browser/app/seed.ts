/** Seeds of random walks. */

/** A number below 2^31, another one each time. */
export const someSeed = (): number => Math.floor(Math.random() * 2 ** 31)
