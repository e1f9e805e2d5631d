import { assert, describe, expectTypeOf, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, type Scope } from "effect"
import * as DeadLetters from "../../src/spool/DeadLetters.ts"
import type { SpoolError } from "../../src/spool/disk/SpoolError.ts"
import { openIn } from "../../src/spool/openLetters.ts"
import { lane, makeProcess, records, temporaryDirectory } from "./support.ts"

const header = { reason: "Rejected", attempts: 3, message: "x".repeat(2000), time: 7 }

describe("dead letters", () => {
  it.effect("are kept with the reason until they are sent again", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = yield* DeadLetters.open({ directory, lane })
      assert.deepStrictEqual(letters.append(records(0, 2), header), { _tag: "Appended", dropped: 0 })
      assert.deepStrictEqual(letters.append(records(2, 1), { ...header, message: "no" }), {
        _tag: "Appended",
        dropped: 0
      })
      letters.close()
      const again = yield* DeadLetters.open({ directory, lane })
      assert.strictEqual(again.records, 3)
      const letter = again.next()
      assert.isTrue(letter?._tag === "DeadLetter")
      if (letter?._tag === "DeadLetter") {
        const { attempts, lost, message, reason, time } = letter
        assert.deepStrictEqual({ attempts, lost, message, reason, time }, {
          ...header,
          lost: 0,
          message: `${"x".repeat(1024)}…[truncated: 2000 characters]`
        })
        assert.deepStrictEqual(letter.records.map((each) => each.seq), [0, 1])
        again.ack(letter)
      }
      again.close()
      const last = yield* DeadLetters.open({ directory, lane })
      assert.strictEqual(last.records, 1)
      last.close()
    }))

  it.effect("are closed by their scope, and may be closed before", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const open = DeadLetters.open({ directory, lane })
      expectTypeOf(open).toEqualTypeOf<Effect.Effect<DeadLetters.DeadLetters, SpoolError, Scope.Scope>>()
      const letters = yield* Effect.scoped(
        Effect.tap(open, (opened) => Effect.sync(() => opened.append(records(0, 1), header)))
      )
      assert.strictEqual(letters.append(records(1, 1), header)._tag, "Failed")
      const early = yield* Effect.scoped(Effect.tap(open, (opened) => Effect.sync(() => opened.close())))
      assert.strictEqual(early.append(records(1, 1), header)._tag, "Failed")
      assert.strictEqual((yield* open).records, 1)
    }))

  it.effect("are closed where the program that opened them is interrupted", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const opened = yield* Deferred.make<DeadLetters.DeadLetters>()
      const holding = Effect.flatMap(DeadLetters.open({ directory, lane }), (letters) =>
        Effect.andThen(Deferred.succeed(opened, letters), Effect.never))
      const fiber = yield* Effect.forkChild(Effect.scoped(holding))
      const letters = yield* Deferred.await(opened)
      assert.strictEqual(letters.append(records(0, 1), header)._tag, "Appended")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(letters.append(records(1, 1), header)._tag, "Failed")
    }))

  it.effect("give up the oldest when there is no room", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = openIn(makeProcess().world, { directory, lane, segmentBytes: 4096, maxBytes: 12_000 })
      let dropped = 0
      for (let i = 0; i < 60; i++) dropped += letters.append(records(i, 1), header).dropped
      assert.isAbove(dropped, 0)
      assert.strictEqual(letters.records + dropped, 60)
      assert.isAtMost(letters.bytes, 12_000)
      letters.close()
    }))

  it.effect("say how many older ones they dropped, also for a lane that does not ask", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = openIn(makeProcess().world, { directory, lane, segmentBytes: 4096, maxBytes: 12_000 })
      const keep = DeadLetters.into(letters)
      for (const record of records(0, 120)) {
        keep([{ record, sink: lane, reason: "rejected_by_server", attempts: 1, lastError: undefined }])
      }
      assert.isAbove(letters.dropped, 0)
      assert.strictEqual(letters.records + letters.dropped, 120)
      letters.close()
    }))

  it.effect("refuse what is larger than all their room, so that the lane counts it", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const letters = openIn(makeProcess().world, { directory, lane, segmentBytes: 4096, maxBytes: 8192 })
      const given = records(0, 200).map((record) => ({
        record,
        sink: lane,
        reason: "rejected_by_server",
        attempts: 1,
        lastError: undefined
      } as const))
      assert.throws(() => DeadLetters.into(letters)(given), "the dead letters have no room for 200 records")
      assert.strictEqual(letters.records, 0)
      letters.close()
    }))
})
