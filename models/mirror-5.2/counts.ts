/** Counts of mirror-5.2, by variant and scenario; a test counts them anew. */

export const counts = {}
