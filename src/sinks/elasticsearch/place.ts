/**
 * Where in a cluster documents go: a data stream, or an index. Rules of names: Elasticsearch 9, "Create index"
 * and "Data stream fields"; OpenSearch has the same.
 */
import { type Check, type Rule, satisfies } from "../../options/check.ts"
import { DatedIndex, indexOn, isDated } from "./DatedIndex.ts"

/** Where documents go, as a program says it. */
export interface PlaceOptions {
  readonly dataset?: string | undefined
  readonly namespace?: string | undefined
  readonly index?: string | undefined
  readonly pipeline?: string | undefined
  readonly requireAlias?: boolean | undefined
  readonly requireDataStream?: boolean | undefined
}

/** The path and the parameters of requests, and the index of each document where it is not in the path. */
export interface Place {
  readonly path: string
  readonly parameters: Readonly<Record<string, string>>
  readonly index: DatedIndex | undefined
}

const isName = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value === value.toLowerCase() && !/[\\/*?"<>|\s,#:]/.test(value)

/** Elasticsearch 9, "Data stream fields": a hyphen stands between the parts. */
const isPart = (value: unknown): boolean => isName(value) && value.length <= 100 && !value.includes("-")

export const partCheck: Check = satisfies(
  "a text in lower case of at most 100 characters that a data stream can have in its name, without hyphens",
  isPart
)

const isIndex = (value: unknown): boolean => {
  if (typeof value !== "string") return false
  const name = indexOn(value, 0)
  return isName(name) && !/^[-_+.]/.test(name) && !/[{}]/.test(name) && new TextEncoder().encode(name).length <= 255
}

export const indexCheck: Check = satisfies(
  "the name of an index in lower case, with {yyyy}, {yyyy.MM} or {yyyy.MM.dd} for a date in it if any",
  isIndex
)

/** A data stream is named by its parts, or whole like an index. */
export const oneOfBoth: Rule<PlaceOptions> = ({ dataset, index, namespace }) =>
  index === undefined || (dataset === undefined && namespace === undefined)
    ? undefined
    : { at: "", text: "takes index, or dataset and namespace, not both" }

export const placeOf = (
  {
    dataset = "generic",
    namespace = "default",
    index = `logs-${dataset}-${namespace}`,
    pipeline,
    requireAlias = false,
    requireDataStream = false
  }: PlaceOptions
): Place => {
  const ofDay = isDated(index) ? new DatedIndex(index) : undefined
  return {
    path: ofDay !== undefined ? "_bulk" : `${encodeURIComponent(index)}/_bulk`,
    index: ofDay,
    parameters: {
      // What is not asked for is not sent: the status of each item, and why it was refused.
      filter_path: "errors,items.*.status,items.*.error.type,items.*.error.reason",
      ...(pipeline !== undefined && { pipeline }),
      ...(requireAlias && { require_alias: "true" }),
      ...(requireDataStream && { require_data_stream: "true" })
    }
  }
}
