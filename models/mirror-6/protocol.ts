/** mirror-6, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { mirror6 } from './model.ts'
import * as fork from './fork-fixes.ts'
import * as nouveau from './nouveau-fixes.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const mirror6Protocol = defineProtocol({
  name: 'mirror-6',
  title: 'A mirror over interval notifiers with device memory: lib/test_hmm.c and nouveau of 6.1 and 6.12',
  model: mirror6,
  parameters,
  fixes: fixesIn({ ...declared, ...fork, ...nouveau }),
  variants,
  scenarios,
  expectations,
})
