/** uvm, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { uvm } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const uvmProtocol = defineProtocol({
  name: 'uvm',
  title: "NVIDIA's open UVM with HMM (nvidia-uvm 595.45.04): blocks of a process, and the memory of GPUs",
  model: uvm,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
