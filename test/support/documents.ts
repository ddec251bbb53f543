/** Documents that hmmcheck prints, read by their schemas in docs/, as a user would read them. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { DocumentName } from '../../docs/json-schema.ts'
import type { TraceDocument } from '../../src/report/formats/trace-document.ts'
import type { FuzzDocument } from '../../src/report/fuzz-json.ts'
import type { CheckDocument } from '../../src/report/json.ts'

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0]

/** The schema of docs/, as something that validates. */
function schemaOf<Document>(name: DocumentName): z.ZodType<Document> {
  const text = readFileSync(new URL(`../../docs/${name}.schema.json`, import.meta.url), 'utf8')
  return z.fromJSONSchema(JSON.parse(text) as JsonSchema) as z.ZodType<Document>
}

export const checkSchema = schemaOf<CheckDocument>('check')
export const fuzzSchema = schemaOf<FuzzDocument>('fuzz')
export const traceSchema = schemaOf<TraceDocument>('trace')
