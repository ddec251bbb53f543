/**
 * The HMM mirror of June 2017 beside a process that forks: the text of models/mirror, which is that of the patch
 * where its corrections are left out.
 */
import { model, some, type Model } from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { cpus } from 'hmmcheck/models/mirror/cpu'
import { device } from 'hmmcheck/models/mirror/device'
import { child, child_exits, forks } from 'hmmcheck/models/mirror/fork'
import { initially, propertiesWith } from 'hmmcheck/models/mirror/model'

export const mirror2017Fork = (): Model =>
  model('mirror-2017-fork', {
    threads: [cpus([forks]), device, child_exits],
    initially,
    properties: propertiesWith({ mapped_by_child: (page) => some(Va, (va) => child.pte.at(va).eq(page)) }),
  })
