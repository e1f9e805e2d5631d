import type { StackFrame } from "effect/References"
import { visible } from "../encode/escapes.ts"
import { frameOf } from "../record/ErrorSnapshot.ts"
import { plural, shortened } from "../record/text.ts"

/** So much of a stack is looked at, in characters. */
const longestStack = 64 * 1024
/** So far from the start of a stack its message is looked for, and by so much of it. */
const longestHead = 1024
const longestLooked = 256
const mostFrames = 64
const mostCalls = 10
const longestFrame = 512
const mostCounted = 1000

/** Where Effect's own logger ends a stack: what is below is the machinery that runs the program. */
const machinery = /Generator\.next|~effect\/(?:Effect|Utils)/
const location = /\((.*)\)/g

/** The frames of a stack, without the name and the message above them. */
export const framesOf = (stack: string, name: string, message: string): ReadonlyArray<string> => {
  const start = stack.indexOf("\n", endOfHead(stack, name, message))
  if (start === -1) return []
  const lines = stack.slice(start + 1, start + 1 + longestStack)
  const cut = lines.search(machinery)
  const end = cut === -1 ? lines.length : Math.max(0, lines.lastIndexOf("\n", cut))
  const frames = bounded(lines, end)
  const { length } = stack
  return cut === -1 && start + 1 + longestStack < length
    ? [...frames, `…[truncated: ${length} ${plural(length, "character")}]`]
    : frames
}

/** A stack is made when the error is: its name and message may have been other ones. */
const endOfHead = (stack: string, name: string, message: string): number => {
  // In parts: a message may be long.
  if (stack.startsWith(name)) {
    if (message === "") return name.length
    const from = name.length + 2
    if (stack.startsWith(": ", name.length) && stack.startsWith(message, from)) return from + message.length
  }
  if (message === "") return 0
  // One long text is not looked for in another: that takes as long as both, multiplied.
  const beginning = message.slice(0, longestLooked)
  const at = stack.slice(0, longestHead + longestLooked).indexOf(beginning)
  if (at === -1 || !stack.startsWith(message, at)) return 0
  const firstLine = stack.indexOf("\n")
  return firstLine === -1 || at < firstLine ? at + message.length : 0
}

const bounded = (lines: string, end: number): ReadonlyArray<string> => {
  const frames: Array<string> = []
  let from = 0
  while (from < end && frames.length < mostFrames) {
    const stop = lines.indexOf("\n", from)
    const to = stop === -1 || stop > end ? end : stop
    if (to > from) frames.push(visible(shortened(frameOf(lines.slice(from, to)), longestFrame)))
    from = to + 1
  }
  const rest = from < end ? lines.slice(from, end).split("\n").length : 0
  if (rest > 0) frames.push(moreFrames(rest))
  return frames
}

/** The spans and functions of Effect that a failure came through, as Effect's own logger shows them. */
export const callsOf = (frame: unknown): ReadonlyArray<string> => {
  const calls: Array<string> = []
  let current = isStackFrame(frame) ? frame : undefined
  for (let i = 0; current !== undefined && i < mostCalls; i++) {
    addCall(current, calls)
    current = current.parent
  }
  let rest = 0
  for (; current !== undefined && rest <= mostCounted; rest++) current = current.parent
  if (rest > 0) calls.push(rest > mostCounted ? `[more than ${mostCounted} more frames]` : moreFrames(rest))
  return calls
}

const addCall = (frame: StackFrame, calls: Array<string>): void => {
  const name = shortened(frame.name, longestFrame)
  let stack: string | undefined
  try {
    stack = frame.stack()
  } catch {
    stack = undefined
  }
  if (stack === undefined || stack === "") {
    calls.push(visible(`at ${name}`))
    return
  }
  const text = shortened(stack, longestFrame)
  const places = Array.from(text.matchAll(location), ([, place]) => place)
  if (places.length === 0) places.push(text.replace(/^at /, ""))
  for (const place of places) calls.push(visible(`at ${name} (${place})`))
}

export const moreFrames = (count: number): string => `[${count} more ${plural(count, "frame")}]`

const isStackFrame = (u: unknown): u is StackFrame =>
  typeof u === "object" && u !== null && "name" in u && typeof u.name === "string" && "stack" in u &&
  typeof u.stack === "function"
