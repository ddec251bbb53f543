/** Counts of uvm, by variant and scenario; a test counts them anew. */

export const counts = {}
