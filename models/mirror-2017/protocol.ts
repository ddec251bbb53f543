/** mirror-2017, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { mirror2017 } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const mirror2017Protocol = defineProtocol({
  name: 'mirror-2017',
  title: 'HMM address space mirroring, patch 03/15 of June 2017 and its corrections',
  model: mirror2017,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
