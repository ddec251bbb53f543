/** What `hmmcheck` checks in this folder: the model, its variants, the sizes, and the verdicts that are expected. */
import { defineProtocol, fixesIn, switched, withoutEach } from 'hmmcheck'
import * as model from './model/driver.ts'

const fixes = fixesIn(model)
const fixed = switched(fixes)

export const driver = defineProtocol({
  name: 'my-driver',
  title: 'A driver that mirrors a process over an interval notifier',
  model: model.driver_model,
  parameters: {
    cpus: { sort: 'Cpu', min: 1, max: 3, summary: 'threads of the process' },
    devices: { sort: 'Device', min: 1, max: 2, summary: 'devices that mirror it' },
    pages: { sort: 'Page', min: 1, max: 3, summary: 'physical pages' },
  },
  fixes,
  // without-retry-check is the fault that was left in; each `fix` of the model gives one more variant
  variants: [{ name: 'fixed', summary: 'as it should be', constants: fixed }, ...withoutEach(fixes, fixed)],
  scenarios: [
    { name: 'small', summary: 'one CPU and one device', sizes: { cpus: 1, devices: 1, pages: 2 } },
    { name: 'two-devices', summary: 'one CPU and two devices', sizes: { cpus: 1, devices: 2, pages: 2 } },
  ],
  expectations: [
    { variant: 'fixed', scenario: 'small', verdict: 'holds', source: 'what the driver promises' },
    { variant: 'fixed', scenario: 'two-devices', verdict: 'holds', source: 'what the driver promises' },
    {
      variant: 'without-retry-check',
      scenario: 'small',
      verdict: 'violated',
      violated: ['no-use-after-free'],
      source: 'Documentation/mm/hmm.rst of 6.1 asks for the check',
    },
  ],
})

export const catalogue = [driver]
