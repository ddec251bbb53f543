/** events-2016, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { events2016 } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const events2016Protocol = defineProtocol({
  name: 'events-2016',
  title: 'The event-driven HMM mirror with device memory, v11 and v12 of 2015 and 2016, and its corrections',
  model: events2016,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
