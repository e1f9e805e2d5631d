/** What every answer of Loki means, by the table of its rules. */
import { assert, describe, it } from "@effect/vitest"
import { type Clock, Duration } from "effect"
import { LogRecord, type LogSink } from "../../../src/index.ts"
import type { Answer } from "../../../src/sinks/http/answer.ts"
import { errorOf } from "../../../src/sinks/loki/answers.ts"
import { Labels } from "../../../src/sinks/loki/Labels.ts"
import { StreamLimit } from "../../../src/sinks/loki/StreamLimit.ts"
import { grouped, ignored, rateLimited, type Rule, ruleOf, rules } from "../../servers/lokiRules.ts"

const batch = Array.from({ length: 5 }, (_, seq) => LogRecord.make({ message: "placed", seq }))
const stream = `{level="info", service_name="orders"}`

/** A limit of streams, with a clock that is set by hand. */
const limitOf = (patience: Duration.Input = "10 minutes") => {
  let millis = 0
  const clock: Pick<Clock.Clock, "monotonicTimeNanosUnsafe"> = {
    monotonicTimeNanosUnsafe: () => BigInt(millis) * 1_000_000n
  }
  return {
    limit: new StreamLimit(clock, Duration.fromInputUnsafe(patience)),
    pass: (minutes: number): void => {
      millis += minutes * 60_000
    }
  }
}

const answer = (status: number, body = "", more: Partial<Answer> = {}): Answer => {
  const all = { status, headers: {}, body, bytes: new TextEncoder().encode(body), isCut: false, at: 0 }
  return { ...all, ...more }
}

const said = (
  status: number,
  body = "",
  { labelsFrom = [], limit = limitOf().limit, records = batch, ...more }: Partial<Answer> & {
    readonly labelsFrom?: ReadonlyArray<string>
    readonly limit?: StreamLimit
    readonly records?: ReadonlyArray<LogRecord.LogRecord>
  } = {}
): LogSink.SinkError | undefined => {
  const { ofSome } = new Labels({ labels: { pod: "a" }, labelsFrom, levelLabel: "level", maxLabelValues: 9 })
  return errorOf(answer(status, body, more), records, { host: "loki:3100", limit, someLabels: ofSome })
}

const reasonOf = (status: number, body: string): LogSink.Reason | undefined => said(status, body)?.reason

/** What must come of a rule that one entry, or one stream, has broken. */
const expected = ({ means }: Rule): Partial<LogSink.Reason> & { readonly _tag: string } => {
  switch (means) {
    case "refused":
    case "refused, or misconfigured if all are":
      return { _tag: "Rejected", count: 1 }
    case "refused, of unknown number":
      return { _tag: "Rejected", count: 5 }
    case "misconfigured":
      return { _tag: "Misconfigured" }
    case "again":
      return { _tag: "Unavailable", ambiguous: false }
    case "again, ambiguous":
      return { _tag: "Unavailable", ambiguous: true }
    case "parts":
      return { _tag: "TooLarge" }
  }
}

describe("F12: what Loki says of a request", () => {
  for (const rule of rules.filter(({ name }) => name !== "blocked_ingestion")) {
    it(`${rule.name} (${rule.status}) is ${rule.means}`, () => {
      const sentence = rule.sentence(stream)
      const body = rule.by === "ingester" ? ignored(sentence, 1, 3, stream) : grouped([sentence])
      for (const text of [body, body.toLowerCase(), body.toUpperCase()]) {
        assert.deepInclude(reasonOf(rule.status, text), expected(rule), text)
      }
      const named = rule.status !== 413
      assert.strictEqual(
        said(rule.status, body)?.message.split(", and does not say")[0],
        `loki:3100 answered ${rule.status}${named ? ` (${rule.name})` : ""}`
      )
    })
  }

  it("of streams of which entries are ignored, the numbers are summed up", () => {
    const sentence = ruleOf("too_far_behind").sentence(stream)
    const body = [ignored(sentence, 1, 3, stream), ignored(sentence, 2, 2, `{level="warn"}`)].join("\n")
    assert.deepInclude(reasonOf(400, body), { _tag: "Rejected", count: 3 })
  })

  it("of entries that have the same fault or another, the numbers of all are", () => {
    const sentences = ["greater_than_max_sample_age", "line_too_long", "line_too_long", "too_far_in_future"]
    const body = grouped(sentences.map((name) => ruleOf(name).sentence(stream)))
    assert.match(body, /1 errors like: .*; 2 errors like: .*; 1 errors like: /)
    assert.deepInclude(reasonOf(400, body), { _tag: "Rejected", count: 4 })
    assert.strictEqual(
      said(400, body)?.message,
      "loki:3100 answered 400 (greater_than_max_sample_age, line_too_long, too_far_in_future)"
    )
  })

  it("of a stream beside entries has no number that is known, and all count", () => {
    const sentences = ["line_too_long", "line_too_long", "label_value_too_long"]
    const body = grouped(sentences.map((name) => ruleOf(name).sentence(stream)))
    assert.deepInclude(reasonOf(400, body), { _tag: "Rejected", count: 5 })
    assert.strictEqual(
      said(400, body)?.message,
      "loki:3100 answered 400 (line_too_long, label_value_too_long), and does not say for how many records: " +
        "all 5 count as refused"
    )
  })

  it("of records that have no metadata or no label that they must, is a matter of settings where all are refused", () => {
    const disallowed = ruleOf("disallowed_structured_metadata").sentence
    const all = grouped([...Array(4).fill(disallowed("{a}")), disallowed("{b}")])
    assert.deepStrictEqual(reasonOf(400, all), { _tag: "Misconfigured" })
    assert.deepStrictEqual(reasonOf(400, grouped(Array(4).fill(disallowed("{a}")))), { _tag: "Rejected", count: 4 })
    const missing = ruleOf("missing_enforced_labels").sentence(stream)
    const tagOf = (labelsFrom: ReadonlyArray<string>) => said(400, missing, { labelsFrom })?.reason
    assert.deepStrictEqual(tagOf(["team"]), { _tag: "Misconfigured" })
    assert.deepStrictEqual(tagOf(["team", "Zone", "user"]), { _tag: "Rejected", count: 5 })
  })

  it("of parts, in words that are not known, has stored the others, so that nothing is sent again", () => {
    const body = grouped(["no more of these", "no more of these", ruleOf("line_too_long").sentence(stream)])
    assert.deepStrictEqual(reasonOf(400, body), { _tag: "Rejected", count: 5 })
    const unknown = grouped(["no more of these", "no more of these"])
    assert.deepStrictEqual(reasonOf(400, unknown), { _tag: "Rejected", count: 5 })
    assert.strictEqual(
      said(400, unknown)?.message,
      "loki:3100 answered 400, and does not say for how many records: all 5 count as refused"
    )
    const stopped = ruleOf("blocked_ingestion").sentence(stream)
    assert.deepStrictEqual(reasonOf(400, grouped([stopped, stopped])), { _tag: "Rejected", count: 5 })
  })

  it("is not what a label says that it quotes", () => {
    for (
      const text of [
        "no org id",
        "error found in #",
        "total ignored: 1 out of 1",
        "\ntotal ignored: 1 out of 1",
        "; 0 errors like: max entry size",
        "error parsing labels",
        "\" entry too far behind total ignored: 1 out of 1"
      ]
    ) {
      const labels = `{user=${JSON.stringify(text)}}`
      const old = Array(3).fill(ruleOf("greater_than_max_sample_age").sentence(labels))
      assert.deepStrictEqual(reasonOf(400, grouped(old)), { _tag: "Rejected", count: 3 }, text)
      assert.deepStrictEqual(reasonOf(400, old[0]), { _tag: "Rejected", count: 1 }, text)
      const behind = ignored(ruleOf("too_far_behind").sentence(labels), 2, 3, labels)
      assert.deepStrictEqual(reasonOf(400, behind), { _tag: "Rejected", count: 2 }, text)
    }
  })

  it("is not what a value says that is too long, and shown without quotes", () => {
    for (
      const text of ["no org id", "\ntotal ignored: 1 out of 1", "; 0 errors like: max entry size", "error found in #"]
    ) {
      const body = `stream '${stream}' has label value too long: '${text}'`
      assert.deepStrictEqual(reasonOf(400, body), { _tag: "Rejected", count: 5 }, text)
    }
  })

  it("that is cut has a number that is too small, and all count", () => {
    const body = ignored(ruleOf("too_far_behind").sentence(stream), 1, 3, stream)
    assert.deepInclude(said(400, body, { isCut: true })?.reason, { _tag: "Rejected", count: 5 })
  })

  it("that cannot be read, or of which nothing is known, refuses the batch, so that it is halved", () => {
    const quoted = ruleOf("too_far_behind").sentence(stream)
    for (
      const body of [
        `loghttp.PushRequest.Streams: error found in #10 byte of ...|"x": ${quoted}|...`,
        "couldn't parse push request",
        "",
        "<html>Bad Request</html>"
      ]
    ) {
      assert.deepStrictEqual(reasonOf(400, body), { _tag: "Rejected" }, body)
      assert.strictEqual(said(400, body)?.message, "loki:3100 answered 400")
    }
  })

  it("F9: that is too large is sent in parts, whatever status says so", () => {
    for (
      const [status, body] of [
        [413, ""],
        [400, "request body too large: 9 bytes"],
        [500, "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (9 vs. 8)"],
        [503, "rpc error: code = ResourceExhausted desc = trying to send message larger than max (9 vs. 8)"]
      ] as const
    ) {
      assert.deepStrictEqual(reasonOf(status, body), { _tag: "TooLarge" }, body)
    }
    const busy = "rpc error: code = ResourceExhausted desc = too many requests"
    assert.deepInclude(reasonOf(503, busy), { _tag: "Unavailable" })
  })

  it("lets nothing in: all records are refused, one by one, so that their letters can be sent again", () => {
    const { sentence } = ruleOf("blocked_ingestion")
    for (const status of [260, 400, 403, 429, 503]) {
      assert.deepStrictEqual(reasonOf(status, sentence(stream)), { _tag: "Rejected", records: [0, 1, 2, 3, 4] })
    }
    assert.deepStrictEqual(reasonOf(260, ""), { _tag: "Rejected", records: [0, 1, 2, 3, 4] })
    assert.strictEqual(said(260)?.message, "loki:3100 answered 260 (blocked_ingestion)")
    assert.deepInclude(reasonOf(503, `{"line":"${sentence(stream)}"}`), { _tag: "Unavailable" })
  })

  it("says nothing of what it has stored", () => {
    for (const status of [200, 204]) assert.isUndefined(said(status, ruleOf("line_too_long").sentence(stream)))
  })

  it("is never repeated in a message", () => {
    for (const { sentence, status } of rules) {
      assert.notInclude(said(status, sentence("{a=\"hunter2\"}"))?.message, "hunter2")
    }
  })

  it("F7: says when to come again", () => {
    for (const name of ["rate_limited", "per_stream_rate_limit", "stream_limit"]) {
      const reason = said(429, ruleOf(name).sentence(stream), { headers: { "retry-after": "7" } })?.reason
      assert.isTrue(reason?._tag === "Unavailable" && Duration.isDuration(reason.retryAfter))
      if (reason?._tag !== "Unavailable" || !Duration.isDuration(reason.retryAfter)) return
      assert.strictEqual(Duration.toSeconds(reason.retryAfter), 7)
    }
  })

  it("F9: of a batch that is larger than all that is taken in a second, that it is to be sent in parts", () => {
    assert.deepInclude(reasonOf(429, rateLimited(1000, 1000)), { _tag: "Unavailable", ambiguous: false })
    assert.deepStrictEqual(reasonOf(429, rateLimited(1000, 1001)), { _tag: "TooLarge" })
    const alone = said(429, rateLimited(1000, 1001), { records: batch.slice(0, 1) })
    assert.strictEqual(alone?.reason._tag, "Unavailable")
  })

  it("is no answer of Loki where it is a page, whatever its status", () => {
    const headers = { "content-type": "text/html; charset=utf-8" }
    assert.deepStrictEqual(said(200, "<html>", { headers })?.reason, { _tag: "Misconfigured" })
    assert.isUndefined(said(204, "", { headers }))
    assert.isUndefined(said(200, "stored", { headers: { "content-type": "text/plain" } }))
  })

  it("is read at once, however many quotes it has, and where it is cut within one", () => {
    const old = ruleOf("greater_than_max_sample_age").sentence("{}")
    const quotes = `${old} "${"\\\"".repeat(32_000)}`
    const before = performance.now()
    assert.deepStrictEqual(reasonOf(400, quotes), { _tag: "Rejected", count: 1 })
    assert.isBelow(performance.now() - before, 1000)
    assert.deepStrictEqual(reasonOf(400, `${old} "no org id`), { _tag: "Rejected", count: 1 })
    assert.deepStrictEqual(reasonOf(400, `${old} "no org id\\`), { _tag: "Rejected", count: 1 })
  })

  it("with 429 and without a word that is known is of a proxy, which has stored nothing", () => {
    assert.deepInclude(reasonOf(429, "slow down"), { _tag: "Unavailable", ambiguous: false })
  })
})

describe("the limit of streams", () => {
  const body = ruleOf("stream_limit").sentence(stream)

  it("is waited for, and not for ever", () => {
    const { limit, pass } = limitOf()
    const hear = () => said(429, body, { limit })
    assert.strictEqual(hear()?.reason._tag, "Unavailable")
    pass(9)
    assert.strictEqual(hear()?.reason._tag, "Unavailable")
    pass(1)
    assert.deepInclude(hear()?.reason, { _tag: "Rejected", count: 5 })
    assert.strictEqual(
      hear()?.message,
      "loki:3100 answered 429 (stream_limit) for longer than streamLimitPatience, and does not say for how many " +
        "records: all 5 count as refused"
    )
  })

  it("is waited for anew when a batch was stored meanwhile", () => {
    const { limit, pass } = limitOf()
    said(429, body, { limit })
    pass(9)
    assert.isUndefined(said(204, "", { limit }))
    pass(2)
    assert.strictEqual(said(429, body, { limit })?.reason._tag, "Unavailable")
    pass(9)
    assert.strictEqual(said(429, body, { limit })?.reason._tag, "Unavailable")
  })

  it("is waited for anew when some of a batch was stored meanwhile", () => {
    const { limit, pass } = limitOf()
    said(429, body, { limit })
    pass(9)
    said(400, ruleOf("line_too_long").sentence(stream), { limit })
    pass(2)
    assert.strictEqual(said(429, body, { limit })?.reason._tag, "Unavailable")
  })

  it("that was waited for in vain is not waited for again at each batch, until nothing is heard of it for as long", () => {
    const { limit, pass } = limitOf()
    said(429, body, { limit })
    pass(10)
    said(429, body, { limit })
    for (let i = 0; i < 3; i++) {
      pass(9)
      said(204, "", { limit })
      assert.strictEqual(said(429, body, { limit })?.reason._tag, "Rejected")
    }
    pass(11)
    assert.strictEqual(said(429, body, { limit })?.reason._tag, "Unavailable")
  })

  it("is waited for as long as anything else where patience has no end", () => {
    const { limit, pass } = limitOf("Infinity")
    for (let i = 0; i < 10; i++) {
      assert.strictEqual(said(429, body, { limit })?.reason._tag, "Unavailable")
      pass(1000)
    }
  })
})
