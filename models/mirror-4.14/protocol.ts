/** mirror-4.14, as it is offered to users. */
import { defineProtocol } from 'hmmcheck'
import { parameters } from 'hmmcheck/models/mirror-2017/scenarios'
import { expectations } from './expectations.ts'
import { fixes } from './fixes.ts'
import { mirror414 } from './model.ts'
import { scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const mirror414Protocol = defineProtocol({
  name: 'mirror-4.14',
  title: 'HMM address space mirroring as merged in 4.14, and its corrections up to 5.3',
  model: mirror414,
  parameters,
  fixes,
  variants,
  scenarios,
  expectations,
})
