/** migrate-vma, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { migrateVma } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const migrateVmaProtocol = defineProtocol({
  name: 'migrate-vma',
  title: "migrate_vma(): a process's memory moves to device memory and back, from 4.14 to 6.1",
  model: migrateVma,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
