/**
 * `npm run docs:api`: writes docs/kernel.md, docs/properties.md and docs/catalogue.md from doc comments and
 * docs/examples/.
 */
import { writeWhole } from '../src/cli/files.ts'
import { apiFile, apiPageOf, apiPages } from './api-page.ts'

for (const page of apiPages) writeWhole(apiFile(page), apiPageOf(page))
