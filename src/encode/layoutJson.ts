/**
 * Packed messages as JSON: what stands before, between and after their leaves is
 * found once for all of one layout.
 */
import { close, item, type MessageLayout, open, type PackedMessage, shown } from "../record/PackedMessage.ts"
import { type Fragments, fragments } from "./bytes/fragments.ts"
import { escapeJson } from "./escapes.ts"

/** What is kept of a layout. */
class LayoutJson {
  pieces: ReadonlyArray<string> | undefined = undefined
  /** The pieces, encoded. */
  fragments: Fragments | undefined = undefined
  /** The same, after other fields of the same object. */
  furtherFragments: Fragments | undefined = undefined
  /** The same, without the end of that object. */
  innerFragments: Fragments | undefined = undefined
  /** The names of the message itself, when it is an object. */
  names: ReadonlyArray<string> | undefined = undefined
}

const keptOf = (layout: MessageLayout): LayoutJson => {
  const { encoded } = layout
  return encoded instanceof LayoutJson ? encoded : layout.encoded = new LayoutJson()
}

export const packedJson = ({ layout, leaves }: PackedMessage): string => {
  const pieces = layout.isShared ? keptOf(layout).pieces ??= piecesOf(layout) : piecesOf(layout)
  let text = pieces[0]!
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i]
    text += (typeof leaf === "number" ? `${leaf}` : JSON.stringify(shown(leaf))) + pieces[i + 1]!
  }
  return text
}

/** The pieces of a layout that is shared. */
export const fragmentsOf = (layout: MessageLayout): Fragments =>
  keptOf(layout).fragments ??= fragments(piecesOf(layout).map(escapeJson))

/** Those of an object whose fields come after others. */
export const furtherFragmentsOf = (layout: MessageLayout): Fragments =>
  keptOf(layout).furtherFragments ??= fragments(furtherPiecesOf(layout))

/** Those of an object whose fields stand beside others, in an object that goes on. */
export const innerFragmentsOf = (layout: MessageLayout): Fragments =>
  keptOf(layout).innerFragments ??= fragments(
    furtherPiecesOf(layout).map((piece, i, { length }) => i === length - 1 ? piece.slice(0, -1) : piece)
  )

const furtherPiecesOf = (layout: MessageLayout): ReadonlyArray<string> => {
  const [first = "", ...rest] = piecesOf(layout)
  return [`,${first.slice(1)}`, ...rest].map(escapeJson)
}

/** The names of a message, when it is an object. */
export const namesOf = (packed: PackedMessage): ReadonlyArray<string> => {
  const { layout } = packed
  return layout.isShared ? keptOf(layout).names ??= unpackedNames(packed) : unpackedNames(packed)
}

const unpackedNames = (packed: PackedMessage): ReadonlyArray<string> => Object.keys(packed.unpack() ?? {})

/** What stands in JSON before, between and after the leaves. */
const piecesOf = ({ isList, steps }: MessageLayout): ReadonlyArray<string> => {
  const pieces: Array<string> = []
  let piece = isList ? "[" : ""
  let isFirst = true
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!
    if (step === open) {
      piece += "{"
      isFirst = true
    } else if (step === close) {
      piece += "}"
      isFirst = false
    } else {
      if (!isFirst) piece += ","
      isFirst = false
      if (step !== item) piece += `${JSON.stringify(step)}:`
      if (steps[i + 1] === open) continue
      pieces.push(piece)
      piece = ""
    }
  }
  pieces.push(isList ? `${piece}]` : piece)
  return pieces
}
