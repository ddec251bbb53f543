/** Counts of mirror-2017-fork, by variant and scenario; a test counts them anew. */

export const counts = {
  'fixed fork': { states: 58892, stored: 29904, transitions: 179022, depth: 83, bits: 89 },
  'fixed forks': { states: 13626440, stored: 633178, transitions: 56125328, depth: 103, bits: 129 },
  'without-invalidate-at-start fork': { states: 102152, stored: 52406, transitions: 311018, depth: 88, bits: 91 },
  'without-count-open-brackets fork': { states: 167944, stored: 86210, transitions: 515976, depth: 91, bits: 88 },
  'without-range-done-check fork': { states: 174476, stored: 89464, transitions: 539648, depth: 95, bits: 89 },
  'as-posted fork': { states: 99132, stored: 50862, transitions: 301784, depth: 88, bits: 90 },
  'without-driver-lock fork': { states: 179704, stored: 92186, transitions: 559530, depth: 95, bits: 87 },
}
