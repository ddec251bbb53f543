/** device-memory, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { deviceMemory } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const deviceMemoryProtocol = defineProtocol({
  name: 'device-memory',
  title: 'Device private memory: the life of its pages and of their map, from 4.14 to 6.1',
  model: deviceMemory,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
