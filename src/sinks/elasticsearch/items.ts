import { isRecord } from "../../record/plainData.ts"
import type { Answer } from "../http/answer.ts"

/** What a server says of one document. */
export interface Item {
  /** A number that no status has where it says none. */
  readonly status: number
  /** The name of the error, which is a word of the server's own; "" for any other, and nothing where there is none. */
  readonly type: string | undefined
  /** What went wrong, in words that may quote the document. */
  readonly reason: string
}

/**
 * What an answer says of so many documents, in their order; nothing where it does not say it. One that was cut
 * says it of the first ones: a batch whose answer is always too long would never end otherwise.
 */
export const itemsOf = ({ body, isCut }: Answer, count: number): ReadonlyArray<Item> | undefined => {
  const answer = parsed(isCut ? wholeItems(body) : body)
  const said = isRecord(answer) ? answer["items"] : undefined
  if (!Array.isArray(said)) return undefined
  const isTold = isCut ? said.length > 0 && said.length < count : said.length === count
  return isTold ? Array.from({ length: count }, (_, i) => itemOf(said[i])) : undefined
}

/** Before each item but the first: no text has it, because quotes in one have a backslash before them. */
const border = ",{\"create\":"

const wholeItems = (body: string): string => `${body.slice(0, Math.max(0, body.lastIndexOf(border)))}]}`

/** The name of the error that an answer to all of a request has, if it is one of the server. */
export const typeOf = ({ body }: Answer): string | undefined => {
  const answer = parsed(body)
  const { type } = errorOf(isRecord(answer) ? answer["error"] : undefined)
  return type === "" ? undefined : type
}

const itemOf = (item: unknown): Item => {
  const said = isRecord(item) ? item["create"] : undefined
  const { error, status } = isRecord(said) ? said : {}
  return { status: typeof status === "number" ? status : Number.NaN, ...errorOf(error) }
}

const errorOf = (error: unknown): Pick<Item, "type" | "reason"> => {
  if (error === undefined) return { type: undefined, reason: "" }
  const { reason, type } = isRecord(error) ? error : {}
  return {
    type: typeof type === "string" && isWord(type) ? type : "",
    reason: typeof reason === "string" ? reason : ""
  }
}

/** Whether it is the name of an error, and no text that quotes something. */
const isWord = (text: string): boolean => /^[a-z][a-z_]{0,79}$/.test(text)

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
