import type { Attribute } from "./attributes.ts"

/** Who logs: what all records of a request have in common (OTLP 1.11, `ResourceLogs` and `ScopeLogs`). */
export interface Emitter {
  readonly resource: ReadonlyArray<Attribute>
  readonly scope: { readonly name: string; readonly version: string | undefined }
}
