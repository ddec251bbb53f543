/**
 * mirror-2017-fork, as it is offered to users: what a write-protection that is announced at its end lets through
 * (B-85).
 */
import { defineProtocol } from 'hmmcheck'
import { expectations } from './expectations.ts'
import { mirror2017Fork } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { fixes, variants } from './variants.ts'

export const mirror2017ForkProtocol = defineProtocol({
  name: 'mirror-2017-fork',
  title: 'HMM address space mirroring, patch 03/15 of June 2017, of a process that forks',
  model: mirror2017Fork,
  parameters,
  fixes,
  variants,
  scenarios,
  expectations,
})
