/**
 * Faults that are open upstream, or were when the text was read: by reading of the source, or by the checker, where no
 * public report of them was found. Nobody has run one of them on a kernel.
 */

export interface OpenFault {
  /** Its id among the bugs. */
  readonly id: string
  /** The driver, or the part of the kernel. */
  readonly where: string
  /** Versions of the text that was read. */
  readonly read: string
  /** The probability that the readers give it: that this order of steps is possible in the text. */
  readonly certainty: number
  /** Anything that has happened to it since. */
  readonly upstream?: string
}

export const openFaults: readonly OpenFault[] = [
  { id: 'B-12', where: 'mm', read: '6.1, 6.12, about 7.0', certainty: 0.95 },
  { id: 'B-58', where: 'mm with nouveau', read: '6.1, 6.12, about 7.0', certainty: 0.85 },
  { id: 'D-20', where: 'amdkfd', read: '6.1, 6.12, June 2026', certainty: 0.8 },
  { id: 'D-21', where: 'amdkfd', read: 'the series of June 2026', certainty: 0.8 },
  { id: 'D-25', where: 'drm_gpusvm', read: 'about 7.0', certainty: 0.9 },
  { id: 'D-26', where: 'UVM', read: '595.45.04', certainty: 0.7 },
  { id: 'D-30', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'D-31', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.8 },
  { id: 'D-32', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.8 },
  { id: 'D-33', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.8 },
  { id: 'D-34', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.75 },
  { id: 'D-35', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.8 },
  { id: 'D-19', where: 'amdgpu', read: '6.1, 6.12', certainty: 0.6 },
  { id: 'G6-02', where: 'mm with amdkfd, xe', read: '6.1, 6.12, about 7.0', certainty: 0.85 },
  { id: 'G6-03', where: 'mm', read: '6.1 to 7.x', certainty: 0.85 },
  { id: 'G6-10', where: 'nouveau', read: '6.1, 6.12', certainty: 0.9 },
  { id: 'G6-11', where: 'nouveau', read: '6.12', certainty: 0.9 },
  { id: 'G6-13', where: 'nouveau', read: '6.1, 6.12', certainty: 0.8 },
  { id: 'G6-14', where: 'nouveau', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'G6-15', where: 'nouveau', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'G6-16', where: 'nouveau', read: '6.12', certainty: 0.9 },
  { id: 'G6-17', where: 'nouveau', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'G6-18', where: 'nouveau', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'G6-20', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.8 },
  { id: 'G6-21', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.9, upstream: 'a series of June 2026' },
  { id: 'G6-22', where: 'amdkfd', read: '6.12', certainty: 0.95, upstream: 'corrected in October 2025' },
  { id: 'G6-23', where: 'amdkfd', read: '6.12', certainty: 0.75 },
  { id: 'G6-24', where: 'amdkfd', read: '6.12', certainty: 0.8 },
  { id: 'G6-25', where: 'amdkfd', read: '6.12', certainty: 0.85 },
  { id: 'G6-26', where: 'amdkfd', read: '6.12', certainty: 0.8 },
  { id: 'G6-27', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.65 },
  { id: 'G6-28', where: 'amdkfd', read: '6.12', certainty: 0.9, upstream: 'corrected in part in October 2025' },
  { id: 'G6-29', where: 'amdkfd, nouveau, drm_pagemap', read: '6.12, about 7.0', certainty: 0.7 },
  { id: 'G6-30', where: 'amdgpu', read: '6.12', certainty: 0.6, upstream: 'a known limit of the design' },
  { id: 'G6-31', where: 'amdgpu', read: '6.12', certainty: 0.6 },
  { id: 'G6-32', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'G6-33', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.7 },
  { id: 'G6-34', where: 'amdkfd', read: '6.12', certainty: 0.85, upstream: 'corrected in September 2025' },
  { id: 'G6-35', where: 'amdkfd', read: '6.12', certainty: 0.85, upstream: 'a series of June 2026' },
  { id: 'G6-36', where: 'amdkfd', read: '6.1, 6.12', certainty: 0.85, upstream: 'closed in about 6.18' },
  { id: 'G6-40', where: 'xe, drm_gpusvm', read: '6.15 to about 7.0', certainty: 0.85 },
  { id: 'G6-41', where: 'xe', read: '6.18 to about 7.0', certainty: 0.95 },
  { id: 'G6-42', where: 'drm_gpusvm, drm_pagemap', read: '6.15 to about 7.0', certainty: 0.8 },
  { id: 'G6-43', where: 'drm_gpusvm', read: 'about 7.0', certainty: 0.9 },
  { id: 'G6-44', where: 'drm_gpusvm, drm_pagemap', read: '6.15, 6.16', certainty: 0.8, upstream: 'restructured since' },
  { id: 'G6-45', where: 'drm_gpusvm', read: 'about 7.0', certainty: 0.95, upstream: 'corrected since' },
  { id: 'G6-46', where: 'xe', read: '6.15 to about 7.0', certainty: 0.2 },
  { id: 'G6-50', where: 'KVM', read: '6.12', certainty: 0.9 },
  { id: 'G6-51', where: 'KVM', read: '6.12', certainty: 0.9 },
  { id: 'G6-60', where: 'mlx5, other ODP drivers', read: '6.12, about 6.16', certainty: 0.75 },
  { id: 'G6-61', where: 'mlx5, other ODP drivers', read: 'about 6.16', certainty: 0.7 },
  { id: 'G6-62', where: 'mlx5', read: '6.1, 6.12, about 6.16', certainty: 0.75 },
  { id: 'G6-63', where: 'mlx5', read: '6.12', certainty: 0.9 },
  { id: 'G6-70', where: 'UVM', read: '595.45.04', certainty: 0.7 },
  { id: 'G6-71', where: 'UVM', read: '595.45.04', certainty: 0.85 },
  { id: 'G6-72', where: 'UVM', read: '595.45.04', certainty: 0.7 },
  { id: 'G6-73', where: 'UVM', read: '595.45.04', certainty: 0.75 },
  { id: 'G6-74', where: 'UVM', read: '595.45.04', certainty: 0.85 },
  { id: 'G6-75', where: 'UVM', read: '595.45.04', certainty: 0.65 },
  { id: 'G6-76', where: 'UVM', read: '595.45.04', certainty: 0.5 },
  { id: 'G6-77', where: 'UVM', read: '595.45.04', certainty: 0.3 },
  { id: 'G6-80', where: 'i915', read: '6.12', certainty: 0.5, upstream: 'a limit of the design' },
  {
    id: 'B-22',
    where: 'lib/test_hmm.c',
    read: '6.1, 6.12',
    certainty: 0.9,
    upstream: 'named on a list in January 2025',
  },
  { id: 'D-36', where: 'nouveau', read: '6.1, 6.12', certainty: 0.9 },
  { id: 'D-28', where: 'nouveau', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'D-29', where: 'mm', read: '6.1, 6.12', certainty: 0.85 },
  { id: 'G6-95', where: 'mm, each driver', read: '6.12, 6.15', certainty: 0.8 },
  { id: 'G6-96', where: 'mm', read: '6.15', certainty: 0.6 },
]
