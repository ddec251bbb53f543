/** The formats that schedules and verdicts are written in. */

export const FORMATS = ['text', 'json', 'itf', 'mermaid', 'html', 'junit', 'sarif', 'markdown'] as const
export type Format = (typeof FORMATS)[number]

/** The formats of one schedule; the others take a whole run. */
export const ofOneTrace = (format: Format): boolean => ['itf', 'mermaid', 'html'].includes(format)
