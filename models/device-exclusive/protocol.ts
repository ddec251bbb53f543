/** device-exclusive, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { deviceExclusive } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const deviceExclusiveProtocol = defineProtocol({
  name: 'device-exclusive',
  title: 'make_device_exclusive(): memory for atomic operations of a device, from 5.14 to 6.15',
  model: deviceExclusive,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
