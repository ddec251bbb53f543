/** interval-notifier, as it is offered to users. */
import { defineProtocol, fixesIn } from 'hmmcheck'
import { expectations } from './expectations.ts'
import * as declared from './fixes.ts'
import { intervalNotifier } from './model.ts'
import { parameters, scenarios } from './scenarios.ts'
import { variants } from './variants.ts'

export const intervalNotifierProtocol = defineProtocol({
  name: 'interval-notifier',
  title: 'Interval notifiers: the core of mm/mmu_notifier.c, from 5.5 to 7.0',
  model: intervalNotifier,
  parameters,
  fixes: fixesIn(declared),
  variants,
  scenarios,
  expectations,
})
