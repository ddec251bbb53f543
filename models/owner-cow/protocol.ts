/** owner-cow, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { ownerCow } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const ownerCowProtocol = defineProtocol({
  name: 'owner-cow',
  title: "hmm_range_fault() and a driver's own page after fork(), from 5.8 to 7.0",
  model: ownerCow,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
