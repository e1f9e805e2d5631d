/** What a process does that can be counted where it calls for it. Each begins when it is asked for. */
import { PerformanceObserver } from "node:perf_hooks"

/* oxlint-disable eslint/no-extend-native, typescript/unbound-method -- the process ends with what it counts, and the memory is given as `this` */

/** How many bytes are copied from one memory into another, or within one. */
export const watchCopies = (): () => number => {
  const { copyWithin, set } = Uint8Array.prototype
  let copied = 0
  Uint8Array.prototype.set = function(from, at) {
    copied += from.length
    set.call(this, from, at)
  }
  Uint8Array.prototype.copyWithin = function(to, from, until) {
    copied += (until ?? this.length) - from
    return copyWithin.call(this, to, from, until)
  }
  return () => copied
}

/** How many microtasks are queued by name: the workers of a lane are woken in one. */
export const watchMicrotasks = (): () => number => {
  const { queueMicrotask } = globalThis
  let queued = 0
  globalThis.queueMicrotask = (task) => {
    queued++
    queueMicrotask(task)
  }
  return () => queued
}

/** How often garbage is collected. */
export const watchCollections = (): () => number => {
  let seen = 0
  const observer = new PerformanceObserver((list) => {
    seen += list.getEntries().length
  })
  observer.observe({ entryTypes: ["gc"] })
  return () => {
    seen += observer.takeRecords().length
    return seen
  }
}

/** Has errors show the same frames wherever the project lies: their text is copied and written. */
export const placeErrors = (): void => {
  Error.prepareStackTrace = (error, frames) =>
    [
      String(error),
      ...frames.map((frame) => `    at ${frame.getFunctionName() ?? "work"} (file:///app/main.ts:100:10)`)
    ]
      .join("\n")
}
