import { visible } from "../../encode/escapes.ts"
import { shortened } from "../../record/text.ts"
import type { Item } from "./items.ts"

const mostErrors = 3

/** The errors of some items by their names, or their statuses. */
export const errorsOf = (items: ReadonlyArray<Item>): string => {
  const names = new Set(items.map(nameOf))
  const shown = [...names].slice(0, mostErrors).join(", ")
  return names.size > mostErrors ? `${shown} and others` : shown
}

const nameOf = ({ status, type = "" }: Item): string => {
  if (type !== "") return type
  return Number.isNaN(status) ? "no status" : String(status)
}

const longestReason = 512

/** What stands in a reason before it quotes the document. */
const quotes = new RegExp(
  [
    /\.? Preview of field's value/,
    /: enable `JsonReadFeature/,
    /\s*at \[Source/,
    /[.,]? The prefix of the first immense term/,
    /:?\s*For input string/,
    /(?<=unable to convert) \[/,
    /(?<=field value): \[/
  ].map(({ source }) => source).join("|")
)

/**
 * Why a document is refused: what is written to its dead letter. Where in the request it stood and which id it has
 * are left out, so that documents that are refused for one reason are given up together.
 */
export const reasonOf = (item: Item): string => {
  const [words = ""] = item.reason.split(quotes, 1)
  const alike = words.replace(/^\[\d+:\d+\] /, "").replace(/ in document with id '[^']*'/, "")
  const error = nameOf(item)
  return alike === "" ? error : `${error}: ${visible(shortened(alike, longestReason))}`
}
