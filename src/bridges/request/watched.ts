import { isObject } from "../../record/plainData.ts"
import type { RequestEvent } from "./RequestEvent.ts"

/** Calls what answers a request, and notes what it throws or is rejected with, on its way to whoever takes it. */
export const watched = (event: RequestEvent, run: () => unknown): unknown => {
  const noted = (error: unknown): never => {
    event.fail(error)
    throw error
  }
  let given: unknown
  try {
    given = run()
  } catch (error) {
    return noted(error)
  }
  return isPromise(given) ? given.then(undefined, noted) : given
}

const isPromise = (given: unknown): given is PromiseLike<unknown> =>
  isObject(given) && typeof given["then"] === "function"
