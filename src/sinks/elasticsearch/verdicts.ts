/**
 * What becomes of a document by what is answered for it.
 *
 * | status | verdict |
 * | --- | --- |
 * | 200, 201; 409 `version_conflict_engine_exception` | stored, by this request or by one before it |
 * | 408, 429 save for a block, 5xx, any other 409 | again, and alone |
 * | none, one that is none of a document, 200 with an error | again: nobody knows whether it is stored |
 * | 401, 403, 404, or an error about where documents go | held until somebody has changed something |
 * | any other 4xx | refused, and no other document with it |
 */
import type { Item } from "./items.ts"

export type Verdict = "stored" | "again" | "held" | "refused"

const aboutPlace = new Set([
  "cluster_block_exception",
  "index_closed_exception",
  "index_not_found_exception",
  "invalid_index_name_exception",
  "security_exception",
  "validation_exception"
])

/** Whether an error is about where documents go, and not about a document. */
export const isAboutPlace = (type: string): boolean => aboutPlace.has(type)

/**
 * The same by its words, where the error has a name that others have: no such pipeline; an alias without an index to
 * write to; a collection of OpenSearch Serverless that takes no ids.
 */
const wordsAboutPlace = /^pipeline with id \[|^no write index is defined|^Document ID is not supported/

const isStored = ({ status, type }: Item): boolean => {
  if (status === 409) return type === undefined || type === "version_conflict_engine_exception"
  return (status === 200 || status === 201) && type === undefined
}

/** Whether the status says that a document is not stored: any other but a few does not say anything. */
const isFailure = (status: number): boolean => status >= 400 && status < 600

export const verdictOf = (item: Item): Verdict => {
  const { reason, status, type } = item
  if (isStored(item)) return "stored"
  if (!isFailure(status) || status >= 500 || status === 408 || status === 409) return "again"
  // A disk that is full blocks an index with 429, until there is room.
  if (type !== undefined && isAboutPlace(type)) return "held"
  if (status === 429) return "again"
  if (status === 401 || status === 403 || status === 404) return "held"
  return wordsAboutPlace.test(reason) ? "held" : "refused"
}

/** Whether a document that is tried again may be there all the same. */
export const mayBeStored = ({ status }: Item): boolean => !isFailure(status) || (status >= 500 && status !== 503)
