import { unawaited } from "../../options/unawaited.ts"
import { escapeJson } from "../escapes.ts"
import type { Memory } from "./Memory.ts"
import { holdsRare } from "./oddBytes.ts"

/** How the text of lines is made safe. */
export interface LineEscape {
  /** Whether text whose bytes stand between two positions has something to escape. Asked only where not all of it is ASCII. */
  readonly isNeeded: (memory: Memory, from: number, to: number) => boolean
  readonly apply: (text: string) => string
}

/** Escapes in JSON what `JSON.stringify` leaves raw. */
export const jsonEscape: LineEscape = {
  isNeeded: ({ bytes, words }, from, to) => holdsRare(bytes, words, from, to),
  apply: escapeJson
}

/** Lines that are safe as they are rendered. */
export const noEscape: LineEscape = { isNeeded: () => false, apply: (text) => text }

/** An escape of a program is given all lines that are not pure ASCII, or hold a DEL. */
export const ownEscape = (apply: (text: string) => string): LineEscape => ({
  isNeeded: () => true,
  apply: (text) => unawaited(apply(text))
})
