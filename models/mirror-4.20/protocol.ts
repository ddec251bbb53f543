/** mirror-4.20, as it is offered to users. */
import { defineProtocol } from 'hmmcheck'
import { parameters } from 'hmmcheck/models/mirror-2017/scenarios'
import { expectations } from './expectations.ts'
import { fixes } from './fixes.ts'
import { mirror420 } from './model.ts'
import { scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const mirror420Protocol = defineProtocol({
  name: 'mirror-4.20',
  title: 'HMM address space mirroring of 4.20 to 5.1, and its corrections up to 5.3',
  model: mirror420,
  parameters,
  fixes,
  variants,
  scenarios,
  expectations,
})
