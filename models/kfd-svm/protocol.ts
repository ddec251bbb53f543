/** kfd-svm, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { kfdSvm } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const kfdSvmProtocol = defineProtocol({
  name: 'kfd-svm',
  title: 'amdkfd: shared virtual memory of a process and its GPUs, from 6.1 to 2026',
  model: kfdSvm,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
