/**
 * The HMM mirror of June 2017 beside a process that forks: the text of models/mirror, which is that of the patch
 * where its corrections are left out.
 */
import { model, some, type Model } from '../../src/language/index.ts'
import { Va } from '../../src/kernel/index.ts'
import { cpus } from '../mirror/cpu.ts'
import { device } from '../mirror/device.ts'
import { child, child_exits, forks } from '../mirror/fork.ts'
import { initially, propertiesWith } from '../mirror/model.ts'

export const mirror2017Fork = (): Model =>
  model('mirror-2017-fork', {
    threads: [cpus([forks]), device, child_exits],
    initially,
    properties: propertiesWith({ mapped_by_child: (page) => some(Va, (va) => child.pte.at(va).eq(page)) }),
  })
