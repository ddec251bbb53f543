/** userptr, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { userptr } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const userptrProtocol = defineProtocol({
  name: 'userptr',
  title: 'GPU buffers of user memory: KFD, amdgpu, xe and i915, from 6.1 to 6.12',
  model: userptr,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
