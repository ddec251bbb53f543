/** mirror-5.2, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { mirror52 } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const mirror52Protocol = defineProtocol({
  name: 'mirror-5.2',
  title: 'hmm_range_register(): the ranges of 5.2 to 5.4',
  model: mirror52,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
