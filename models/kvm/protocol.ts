/** kvm, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { kvm } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const kvmProtocol = defineProtocol({
  name: 'kvm',
  title: 'KVM: its notifier, faults of a guest, and gfn-to-pfn caches, up to 6.12',
  model: kvm,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
