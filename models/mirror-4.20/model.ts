/**
 * The HMM mirror of 4.20 to 5.1: devices are told at the start, and may refuse; with the reference count that came
 * after it as a correction.
 */
import { model, type Model } from 'hmmcheck'
import { registrar } from 'hmmcheck/models/mirror/bind'
import { cpus, write_protects } from 'hmmcheck/models/mirror/cpu'
import { device } from 'hmmcheck/models/mirror/device'
import { exit } from 'hmmcheck/models/mirror/exit'
import { has_huge_pages } from 'hmmcheck/models/mirror/huge-pages'
import { initially, properties } from 'hmmcheck/models/mirror/model'
import { reaps, reaps_beside_a_write } from 'hmmcheck/models/mirror/reaper'
import { has_special_entries } from 'hmmcheck/models/mirror/special'

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
