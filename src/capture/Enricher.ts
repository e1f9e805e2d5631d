import type * as Context from "effect/Context"
import { describeError } from "../diagnostics/describe.ts"
import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { shown } from "../options/shown.ts"
import { unawaited } from "../options/unawaited.ts"
import { isRecord } from "../record/plainData.ts"
import { RecordContext } from "../record/RecordOrigin.ts"
import { type Annotations, emptyContext, fieldsOf, joined } from "./attributes.ts"
import { objectBytes } from "./limits.ts"
import type { Snapshot } from "./Snapshot.ts"

/** Fields of the records of a fiber, from its services. */
export type Enrich = (context: Context.Context<never>) => Annotations | undefined

/** So much is held without regard to whether anybody else holds it. */
const mostHeld = 1024

/**
 * What a function of the program says of the services that a fiber has. It is asked once
 * for services, and what it says of them is kept as long as they are.
 */
export class Enricher {
  private readonly enrich: Enrich
  private readonly diagnostics: Diagnostics
  private readonly base: RecordContext
  private readonly said = new WeakMap<Context.Context<never>, RecordContext>()

  /** What it says stands behind `base`, and goes before that where both have a name. */
  constructor(enrich: Enrich, diagnostics: Diagnostics, base = emptyContext) {
    this.enrich = enrich
    this.base = base
    this.diagnostics = diagnostics
  }

  /** What was said of services, if they were asked about. */
  known(services: Context.Context<never>): RecordContext | undefined {
    return this.said.get(services)
  }

  /** What is said of services. Nothing is, where the function throws, and it is asked again. */
  of(services: Context.Context<never>, snapshot: Snapshot): RecordContext {
    const known = this.said.get(services)
    if (known !== undefined) return known
    const fields = this.ask(services)
    if (fields === undefined) return this.base
    const copy = fieldsOf(snapshot.value(fields))
    const context = joined(this.base, new RecordContext(copy, snapshot.bytes), snapshot)
    snapshot.reset()
    this.said.set(services, context)
    return context
  }

  /** Whether what was said may be held for a fiber that may not log any more. */
  isLight(said: RecordContext): boolean {
    return said.bytes - this.base.bytes <= mostHeld
  }

  private ask(services: Context.Context<never>): Annotations | undefined {
    let problem: string
    try {
      const fields: unknown = unawaited(this.enrich(services))
      if (fields === undefined) return {}
      if (isRecord(fields) && typeof fields["then"] !== "function") return fields
      problem = `gave ${shown(fields)}`
    } catch (error) {
      problem = `threw ${describeError(error)}`
    }
    this.diagnostics.report("logging", `enrich ${problem}; the records have none of its fields: mend it`)
    return undefined
  }
}

/** Annotations behind further fields; where both have one, the annotation counts. */
export const enriched = (fields: RecordContext, annotations: RecordContext, snapshot: Snapshot): RecordContext => {
  if (fields.size === 0 || annotations.size === 0) return joined(fields, annotations, snapshot)
  const { bound, own } = annotations
  return own === undefined || bound !== undefined || fields.size + own.layout.steps.length > snapshot.limits.keys
    ? joined(fields, annotations, snapshot)
    : new RecordContext(undefined, fields.bytes + annotations.bytes - objectBytes, fields, own)
}
