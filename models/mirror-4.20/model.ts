/**
 * The HMM mirror of 4.20 to 5.1: devices are told at the start, and may refuse; with the reference count that came
 * after it as a correction.
 */
import { model, type Model } from '../../src/language/index.ts'
import { registrar } from '../mirror/bind.ts'
import { cpus, write_protects } from '../mirror/cpu.ts'
import { device } from '../mirror/device.ts'
import { exit } from '../mirror/exit.ts'
import { has_huge_pages } from '../mirror/huge-pages.ts'
import { initially, properties } from '../mirror/model.ts'
import { reaps, reaps_beside_a_write } from '../mirror/reaper.ts'
import { has_special_entries } from '../mirror/special.ts'

export const mirror420 = (): Model =>
  model('mirror-4.20', {
    threads: [
      cpus([write_protects, reaps, reaps_beside_a_write, has_special_entries, has_huge_pages]),
      device,
      registrar,
      exit,
    ],
    initially,
    properties,
  })
