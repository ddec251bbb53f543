/** Reports for users' own programs: `import { draw } from 'hmmcheck/report'`. */
export { draw } from './draw.ts'
export type { Drawable, DrawOptions } from './draw.ts'
