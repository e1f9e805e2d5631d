/**
 * The annotations of many records as text, found once.
 */
import type { PackedMessage } from "../record/PackedMessage.ts"
import type { RecordContext } from "../record/RecordOrigin.ts"
import type { BatchPlace } from "./bytes/BatchPlace.ts"
import { namesOf, packedJson } from "./layoutJson.ts"

/** What the formats keep of a context, each its own. */
class ContextTexts {
  json: string | undefined = undefined
  logfmt: string | undefined = undefined
  logfmtBesideUid: string | undefined = undefined
  /** Where it stands in a batch of protobuf. */
  place: BatchPlace | undefined = undefined
}

/** The place in a context where its texts are kept. */
export const textsOf = (context: RecordContext): ContextTexts => {
  const { encoded } = context
  return encoded instanceof ContextTexts ? encoded : context.encoded = new ContextTexts()
}

/** The annotations of a context as JSON, which the context keeps from now on. */
export const keptJson = (context: RecordContext): string => textsOf(context).json ??= annotationsJson(context)

/** The annotations of a context as JSON. */
export const annotationsJson = (context: RecordContext): string => {
  const { bound, own } = context
  if (own !== undefined && bound === undefined) return packedJson(own)
  if (!isExtension(context)) return JSON.stringify(context.annotations)
  const first = keptJson(context.bound)
  const rest = packedJson(context.own)
  return first === "{}" ? rest : `${first.slice(0, -1)},${rest.slice(1)}`
}

/** The annotations of a context as JSON, kept where other records may have it too. */
export const contextJson = (context: RecordContext): string =>
  context.bound === undefined ? keptJson(context) : annotationsJson(context)

/** A context whose annotations can be written one after the other. */
export type Extension = RecordContext & { readonly bound: RecordContext; readonly own: PackedMessage }

export const isExtension = (context: RecordContext): context is Extension => {
  const { bound, own } = context
  if (bound === undefined || own === undefined) return false
  const names = namesOf(own)
  const { annotations } = bound
  for (let i = 0; i < names.length; i++) if (Object.hasOwn(annotations, names[i]!)) return false
  return names.length > 0
}
