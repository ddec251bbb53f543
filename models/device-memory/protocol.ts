/** device-memory, as it is offered to users. */
import { defineProtocol } from 'hmmcheck'
import { expectations } from './expectations.ts'
import { fixes } from './fix-list.ts'
import { deviceMemory } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const deviceMemoryProtocol = defineProtocol({
  name: 'device-memory',
  title: 'Device private memory: the life of its pages and of their map, from 4.14 to 6.1',
  model: deviceMemory,
  parameters,
  fixes,
  variants,
  scenarios,
  expectations,
})
