import { assert, describe, it, vi } from "@effect/vitest"
import { Effect } from "effect"
import { ConsoleSink, Logging } from "../../src/index.ts"

describe("what the program prints", () => {
  it.effect("has a line for each order", () =>
    Effect.gen(function*() {
      const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true)
      yield* Effect.addFinalizer(() => Effect.sync(() => write.mockRestore()))

      yield* Effect.logInfo("order placed").pipe(
        Effect.provide(Logging.layer({ sinks: [ConsoleSink.make({ format: "logfmt" })] }))
      )
      assert.match(String(write.mock.calls[0]?.[0]), /message="order placed"/)
    }))
})
