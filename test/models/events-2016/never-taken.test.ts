/** Where `fixed` holds, every transition was taken somewhere, but for those that are explained here. */
import { expect, test } from 'vitest'
import { events2016Protocol } from '../../../models/events-2016/protocol.ts'
import { scenarios } from '../../../models/events-2016/scenarios.ts'
import { check } from '../../../src/explorer/check.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/language/setting.ts'

interface Reason {
  readonly label: RegExp
  /** In calls of these, if given. */
  readonly inside?: RegExp
  readonly scenarios: readonly string[]
  readonly why: string
}

const oneDevice = ['migrate', 'failures', 'dirty-memory', 'faulters', 'pinned', 'fork', 'memory']

const reasons: readonly Reason[] = [
  {
    label: /^rwsem_(down_read_failed|read_granted)\(&mm\.mmap_sem\)$/, scenarios: ['dirty', 'dirty-memory', 'faulters', 'pinned', 'two-mirrors', 'addresses', 'memory'],
    why: 'nobody takes mmap_sem for writing: no munmap, fork or registration takes part',
  },
  {
    label: /^rwsem_\w+\(&hmm\[hmm\]\.rwsem\)$/, scenarios: ['dirty', 'dirty-memory', 'migrate', 'faulters', 'pinned', 'two-mirrors', 'fork', 'registration'],
    why: 'nobody takes rwsem for writing but a registration, which holds mmap_sem: no driver fails',
  },
  {
    label: /^(rwsem_\w+|__down_write)\(&hmm\[hmm\]\.rwsem\)$/, scenarios: ['failures', 'unregister', 'memory'],
    why: 'at one address brackets and migrations exclude each other, so nobody walks while another kills; of several killers the first alone goes on',
  },
  { label: /^hmm_wait_device_fault\(\): wait_event/, inside: /:do_munmap|:copy_page_range/, scenarios: ['mirror', 'migrate', 'failures', 'unregister', 'fork'], why: 'mmap_sem is held for writing, and who is listed holds it for reading' },
  { label: /^else of if \(saved\)$/, scenarios: ['migrate', 'failures', 'dirty-memory', 'faulters', 'two-mirrors', 'fork', 'memory'], why: 'only a pin makes mm_hmm_migrate() put an entry back without giving up' },
  { label: /./, inside: /:hmm_mirror_migrate[/\d.a-z-]*:hmm_mirror_(update|kill)/, scenarios: oneDevice, why: 'with one device there is no other mirror to tell' },
  { label: /^(flag = failing|else of if \(flag\)|hmm_mirror_ref\(mirror\); up_read\(&hmm->rwsem\))$/, inside: /:hmm_mirror_migrate/, scenarios: oneDevice, why: 'the same' },
  { label: /^else of if \(new_pte\)$/, scenarios: ['two-mirrors', 'fork'], why: 'there is always a free page, and one CPU to lock the entry' },
  { label: /./, inside: /:hmm_mirror_unref[/\d.a-z-]*:hmm_mirror_destroy/, scenarios: ['registration', 'unregister', 'exit'], why: 'the last reference is that of hmm_mirror_unregister(), which waits for callbacks, or of hmm_mirror_fault()' },
]

const small = scenarios.filter(({ large }) => large !== true)

test.each(small)('$name', async ({ name }) => {
  const result = await check(configure(events2016Protocol.model, settingOf(events2016Protocol, { variant: 'fixed', scenario: name }).configuration))
  expect(result.verdict).toBe('holds')
  const unexplained = result.neverTaken.filter(({ label, path }) =>
    !reasons.some((reason) => reason.scenarios.includes(name) && reason.label.test(label) && (reason.inside?.test(path) ?? true)))
  expect(unexplained).toEqual([])
})
