/**
 * What a server says of a batch that it has taken, all of it or some (OTLP 1.11, "Partial Success";
 * `ExportLogsServiceResponse`). An answer that cannot be read says nothing: the batch was taken.
 */
import { isRecord } from "../../record/plainData.ts"
import type { Answer } from "../http/answer.ts"
import { readFields } from "./readFields.ts"

export interface PartialSuccess {
  /** How many records were refused. */
  readonly rejected: number
  readonly message: string
}

const none: PartialSuccess = { rejected: 0, message: "" }

/** What an answer says that is of the kind of the request, unless it says another. */
export const partialSuccessOf = ({ body, bytes, headers }: Answer, isJson: boolean): PartialSuccess => {
  const type = headers["content-type"]?.toLowerCase() ?? ""
  if (type.includes("json")) return ofJson(body)
  return type.includes("protobuf") || !isJson ? ofProtobuf(bytes) : ofJson(body)
}

const ofJson = (body: string): PartialSuccess => {
  try {
    const answer: unknown = JSON.parse(body)
    const said = isRecord(answer) ? answer["partialSuccess"] : undefined
    if (!isRecord(said)) return none
    const { errorMessage: message, rejectedLogRecords: rejected } = said
    return {
      rejected: countOf(typeof rejected === "string" || typeof rejected === "number" ? Number(rejected) : 0),
      message: typeof message === "string" ? message : ""
    }
  } catch {
    return none
  }
}

const utf8 = new TextDecoder()

const ofProtobuf = (bytes: Uint8Array): PartialSuccess => {
  const said = readFields(bytes)?.findLast(({ field, value }) => field === 1 && typeof value !== "bigint")?.value
  const fields = said instanceof Uint8Array ? readFields(said) : undefined
  let { message, rejected } = none
  for (const { field, value } of fields ?? []) {
    if (field === 1 && typeof value === "bigint") rejected = countOf(Number(BigInt.asIntN(64, value)))
    if (field === 2 && value instanceof Uint8Array) message = utf8.decode(value)
  }
  return { rejected, message }
}

const countOf = (count: number): number => count > 0 ? count : 0
