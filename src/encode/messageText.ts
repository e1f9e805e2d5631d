import { CauseSnapshot, ErrorSnapshot } from "../record/ErrorSnapshot.ts"
import { freeName, isRecord, PlainObject } from "../record/plainData.ts"
import { causeText } from "./causeText.ts"

/** A message as one text, and as one object what does not belong into it. */
export interface TextAndData {
  readonly text: string
  readonly data: Readonly<Record<string, unknown>> | undefined
}

/**
 * Takes a message apart. The fields of its objects are put together, its errors
 * stand among them as `error` and have their titles in the text; where two have
 * a name, the second is given another.
 */
export const textAndData = (message: unknown): TextAndData => {
  const texts: Array<string> = []
  let data: Record<string, unknown> | undefined
  for (const part of Array.isArray(message) ? message : [message]) {
    if (part instanceof ErrorSnapshot) {
      texts.push(part.title)
      data ??= new PlainObject()
      data[freeName(data, "error")] = part
    } else if (isRecord(part) && !(part instanceof CauseSnapshot)) {
      data ??= new PlainObject()
      for (const key of Object.keys(part)) data[freeName(data, key)] = part[key]
    } else {
      texts.push(textOf(part))
    }
  }
  return { text: texts.join(" "), data }
}

const textOf = (part: unknown): string => {
  if (typeof part === "string") return part
  return part instanceof CauseSnapshot ? causeText(part.reasons) : JSON.stringify(part) ?? "null"
}
