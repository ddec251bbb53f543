/** The template of a page, made anew of the present sources. */
const built = (await import(new URL('../../build/page.js', import.meta.url).href)) as {
  readonly pageTemplate: () => Promise<string>
  readonly buildPage: () => Promise<void>
}

export const pageTemplate = built.pageTemplate
/** Writes it where the command looks for it. */
export const buildPage = built.buildPage
