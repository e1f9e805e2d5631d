import * as Effect from "effect/Effect"
import type { LogRecord } from "../../LogRecord.ts"
import type { SinkError } from "../../LogSink.ts"
import type { Body } from "./compression.ts"

type Batch = ReadonlyArray<LogRecord>

/**
 * The bodies of the batches that are on their way: a batch is encoded and compressed once, however often it
 * is sent. A lane writes the same array again, and lets go of it when its records are settled: with it goes
 * its body, also where nobody says how the batch ended.
 */
export class Bodies {
  private readonly bodies = new WeakMap<Batch, Body>()

  of(batch: Batch, make: Effect.Effect<Body, SinkError>): Effect.Effect<Body, SinkError> {
    const known = this.bodies.get(batch)
    return known !== undefined
      ? Effect.succeed(known)
      : Effect.tap(make, (body) => Effect.sync(() => this.bodies.set(batch, body)))
  }

  /** It is not sent again. */
  forget(batch: Batch): void {
    this.bodies.delete(batch)
  }
}
