/** Every protocol that comes with the package. */
import type { Catalogue } from '../src/language/protocol.ts'
import { mirror2017Protocol } from './mirror-2017/protocol.ts'

export const catalogue: Catalogue = [mirror2017Protocol]
