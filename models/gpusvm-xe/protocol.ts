/** gpusvm-xe, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { gpusvmXe } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const gpusvmXeProtocol = defineProtocol({
  name: 'gpusvm-xe',
  title: 'xe and drm_gpusvm: shared virtual memory of a process and its GPUs, from 6.15 to about 7.0',
  model: gpusvmXe,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
