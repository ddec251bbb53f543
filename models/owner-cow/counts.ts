/** Counts of owner-cow, by variant and scenario; a test counts them anew. */

export const counts = {}
