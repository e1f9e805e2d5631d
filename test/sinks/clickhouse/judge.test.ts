/** The judge of inserts, each of whose rules refuses one that breaks it. */
import { assert, describe, it } from "@effect/vitest"
import type { Received } from "../../servers/Collector.ts"
import { judge, rules, statement, writer } from "./judge.ts"

const row = JSON.stringify({
  uid: "made0",
  seq: 1,
  timestamp: "2026-01-02T03:04:05.678Z",
  level: "INFO",
  message: "order placed",
  data: "",
  cause: "",
  trace_id: "",
  span_id: "",
  attributes: "{}"
})

const saying = (text: string): Received => {
  const body = Buffer.from(text)
  return {
    method: "POST",
    path: "/?date_time_input_format=best_effort&input_format_skip_unknown_fields=1",
    headers: { "x-clickhouse-user": writer.user, "x-clickhouse-key": writer.password },
    wire: body,
    body,
    connection: 0
  }
}

const right = saying(`${statement}\n${row}\n`)
const having = (headers: Received["headers"]): Received => ({ ...right, headers: { ...right.headers, ...headers } })
const withRow = (text: string): Received => saying(`${statement}\n${text}\n`)

const broken: Readonly<Record<string, Received>> = {
  "the user": having({ "x-clickhouse-user": "another" }),
  "the key": having({ "x-clickhouse-key": "another" }),
  "one way to say who": having({ authorization: "Basic MTIzNA==" }),
  "times in ISO form": { ...right, path: "/?input_format_skip_unknown_fields=1" },
  "columns that are not there": { ...right, path: "/?date_time_input_format=best_effort" },
  "the statement": saying(`INSERT INTO web FORMAT JSONEachRow\n${row}\n`),
  "a row a line": withRow(row.replace(",", "\n,")),
  "texts": withRow(row.replace(`"data":""`, `"data":{}`)),
  "a number": withRow(row.replace(`"seq":1`, `"seq":"1"`)),
  "columns of the table": withRow(row.replace("{", `{"more":1,`))
}

describe("the judge of inserts", () => {
  it("takes what is right", () => {
    assert.isUndefined(judge(right))
  })

  for (const { document, id } of rules) {
    it(`${id} (${document})`, () => {
      const request = broken[id]
      assert.isDefined(request)
      assert.strictEqual(judge(request ?? right), `${id} (${document})`)
    })
  }
})
