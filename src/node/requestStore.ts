/// <reference types="node" />
import { AsyncLocalStorage } from "node:async_hooks"

/** What is kept for a request, and found from wherever code of that request runs. */
export interface RequestStore<A> {
  readonly current: () => A | undefined
  /** Calls a function in a request. */
  readonly run: <Args extends ReadonlyArray<unknown>, B>(request: A, call: (...args: Args) => B, ...args: Args) => B
}

export const makeRequestStore = <A>(): RequestStore<A> => {
  const storage = new AsyncLocalStorage<A>()
  return {
    current: () => storage.getStore(),
    run: (request, call, ...args) => storage.run(request, call, ...args)
  }
}
