/** Counts of interval-notifier, by variant and scenario; a test counts them anew. */

export const counts = {}
