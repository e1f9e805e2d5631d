/** Wrong arguments, as a program without types gives them, and what is said about them. */
import { assert } from "@effect/vitest"

/** Calls a function with arguments that its types may not allow. */
export const givenTo = (call: (...args: never) => unknown, ...wrong: ReadonlyArray<unknown>): unknown =>
  Reflect.apply(call, undefined, wrong)

/** The sentence of the `RangeError` that a call throws. */
export const sentenceOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    assert.instanceOf(error, RangeError)
    return error.message
  }
  return "not refused"
}
