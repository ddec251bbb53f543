/**
 * The HMM mirror as merged in 4.14, with what the releases up to 4.20 made of registration and teardown, and the
 * process and driver around it.
 */
import { model, type Model } from '../../src/language/index.ts'
import { registrar } from '../mirror/bind.ts'
import { cpus, write_protects } from '../mirror/cpu.ts'
import { device } from '../mirror/device.ts'
import { exit } from '../mirror/exit.ts'
import { initially, properties } from '../mirror/model.ts'
import { unplug } from '../mirror/unplug.ts'

export const mirror414 = (): Model =>
  model('mirror-4.14', { threads: [cpus([write_protects]), device, registrar, exit, unplug], initially, properties })
