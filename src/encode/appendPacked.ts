import { close, item, open, PackedMessage } from "../record/PackedMessage.ts"
import type { LineBuffer } from "./bytes/LineBuffer.ts"
import { fragmentsOf } from "./layoutJson.ts"

const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Appends what a record says as JSON. */
export const appendContent = (buffer: LineBuffer, content: unknown): void => {
  if (!(content instanceof PackedMessage)) buffer.appendJson(content)
  else if (content.layout.isShared) buffer.appendBetween(fragmentsOf(content.layout), content.leaves)
  else appendPacked(buffer, content)
}

/** Appends a message as JSON whose layout no other has: nothing of it is worth keeping. */
const appendPacked = (buffer: LineBuffer, { layout: { isList, steps }, leaves }: PackedMessage): void => {
  let leaf = 0
  let isFirst = true
  if (isList) buffer.appendByte(openBracket)
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!
    if (step === open) {
      buffer.appendByte(openBrace)
      isFirst = true
      continue
    }
    if (step === close) {
      buffer.appendByte(closeBrace)
    } else {
      if (!isFirst) buffer.appendByte(comma)
      if (step !== item) {
        buffer.appendText(step)
        buffer.appendByte(colon)
      }
      if (steps[i + 1] !== open) buffer.appendJson(leaves[leaf++])
    }
    isFirst = false
  }
  if (isList) buffer.appendByte(closeBracket)
}
