/** Elasticsearch's `_bulk`, and what its client wants to see before and after. */
import { newline, newlinesIn } from "../../lines.ts"
import type { Body } from "../Body.ts"
import type { Answer, Protocol, Question } from "./protocol.ts"

/** Without it the official client takes the far end for something else. */
const headers = { "content-type": "application/json", "x-elastic-product": "Elasticsearch" }

/** What is answered for each document, and what is left of it for who asks for its status only. */
const created = {
  _index: ".ds-logs-generic-default-2026.11.28-000001",
  _id: "0193723f1a2b7c3d8e4f5a6b7c8d9e0f",
  _version: 1,
  result: "created",
  _shards: { total: 2, successful: 1, failed: 0 },
  _seq_no: 100,
  _primary_term: 1,
  status: 201
}

export const elasticsearch: Protocol = {
  takes: (path) => path.endsWith("/_bulk"),
  answer(question) {
    return question.path.endsWith("/_bulk") ? bulkAnswer(question) : { status: 200, headers, body: "{}" }
  },
  records: ({ content }) => linesOf(content).filter((_, i) => i % 2 === 1).map((line): unknown => JSON.parse(line))
}

const linesOf = (content: Buffer): ReadonlyArray<string> => content.toString().trimEnd().split("\n")

const bulkAnswer = ({ body, parameters }: Question): Answer => {
  const filtered = parameters.get("filter_path")?.includes("items.*.status") === true
  const item = JSON.stringify({ [actionOf(body)]: filtered ? { status: created.status } : created })
  const items = Array.from({ length: newlinesIn(body.content) / 2 }, () => item).join(",")
  return { status: 200, headers, body: `{${filtered ? "" : `"took":1,`}"errors":false,"items":[${items}]}` }
}

const actionOf = ({ content }: Body): string => {
  const first = content.toString("utf8", 0, Math.max(0, content.indexOf(newline)))
  return first.startsWith(`{"create"`) ? "create" : "index"
}
