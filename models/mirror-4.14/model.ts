/**
 * The HMM mirror as merged in 4.14, with what the releases up to 4.20 made of registration and teardown, and the
 * process and driver around it.
 */
import { model, type Model } from 'hmmcheck'
import { registrar } from 'hmmcheck/models/mirror/bind'
import { cpus, write_protects } from 'hmmcheck/models/mirror/cpu'
import { device } from 'hmmcheck/models/mirror/device'
import { exit } from 'hmmcheck/models/mirror/exit'
import { initially, properties } from 'hmmcheck/models/mirror/model'
import { unplug } from 'hmmcheck/models/mirror/unplug'

export const mirror414 = (): Model =>
  model('mirror-4.14', { threads: [cpus([write_protects]), device, registrar, exit, unplug], initially, properties })
