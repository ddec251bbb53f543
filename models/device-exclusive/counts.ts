/** Counts of device-exclusive, by variant and scenario; a test counts them anew. */

export const counts = {}
