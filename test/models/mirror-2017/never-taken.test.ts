/** Where `fixed` holds, every transition was taken somewhere, but for those that are explained here. */
import { expect, test } from 'vitest'
import { mirror2017Protocol } from '../../../models/mirror-2017/protocol.ts'
import { scenarios } from '../../../models/mirror-2017/scenarios.ts'
import { check } from '../../../src/explorer/check.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/catalogue/setting.ts'

interface Reason {
  readonly label: string
  /** In scenarios with a registrar it is taken all the same, but here. */
  readonly inside: RegExp
  readonly why: string
}

const reasons: readonly Reason[] = [
  {
    label: 'rwsem_down_read_failed(&hmm[hmm].mirrors_sem)',
    inside: /:do_munmap/,
    why: 'only registrars write mirrors_sem, and they hold mmap_sem, as munmap does',
  },
  { label: 'rwsem_read_granted(&hmm[hmm].mirrors_sem)', inside: /:do_munmap/, why: 'the same' },
  {
    label: 'else of if (hmm[hmm].mirrors has device)',
    inside: /:do_munmap/,
    why: 'only registrars change the list; with one device there is no other whose notifier could find the list without it',
  },
  {
    label: 'kfree_hmm(hmm)',
    inside: /:hmm_register/,
    why: "the loser's path of B-80: who registers holds mmap_sem in write mode",
  },
]

const small = scenarios.filter(({ large }) => large !== true)

test.each(small)('$name', async ({ name, threads = [] }) => {
  const result = await check(
    configure(
      mirror2017Protocol.model,
      settingOf(mirror2017Protocol, { variant: 'fixed', scenario: name }).configuration,
    ),
  )
  expect(result.verdict).toBe('holds')
  const unexplained = result.neverTaken.filter(
    ({ label, path }) =>
      !reasons.some((reason) => reason.label === label && (reason.inside.test(path) || !threads.includes('registrar'))),
  )
  expect(unexplained).toEqual([])
})
