/** odp, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { odp } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const odpProtocol = defineProtocol({
  name: 'odp',
  title: 'On-demand paging of mlx5: memory regions, faults and invalidations, from 5.0 to about 6.16',
  model: odp,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
