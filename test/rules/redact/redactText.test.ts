import { assert, describe, it } from "@effect/vitest"
import { spansOf } from "../../../src/capture/logSpans.ts"
import { LogRedactor } from "../../../src/index.ts"
import { redactText } from "../../../src/rules/redact/redactText.ts"
import { isSecret } from "../../../src/rules/redact/secretNames.ts"
import { makeSnapshot, plainSnapshot } from "../../support/capture.ts"

const names = { isSensitive: isSecret, isSensitiveParameter: isSecret }

describe("F92: what the message of an error gives away is hidden", () => {
  it.each<[text: string, expected: string]>([
    ["nothing to see", "nothing to see"],
    ["invalid password: it has 8 characters", "invalid password: it has 8 characters"],
    [
      "connection to \"host=db user=ada password=s3cret dbname=app\" failed",
      "connection to \"host=db user=ada password=redacted dbname=app\" failed"
    ],
    ["password='a b' sslmode=on", "password=redacted sslmode=on"],
    ["password='a b", "password=redacted"],
    ["Server=db;User Id=sa;Password=s3=cret;Pwd=x", "Server=db;User Id=sa;Password=redacted;Pwd=redacted"],
    ["PGPASSWORD=x psql (db.password=y)", "PGPASSWORD=redacted psql (db.password=redacted)"],
    ["password= and token=", "password= and token="],
    ["code=ECONNREFUSED key=5 == !=", "code=ECONNREFUSED key=5 == !="],
    ["fetch of https://ada:s3cret@db.example/a failed", "fetch of https://redacted@db.example/a failed"],
    ["GET /a?token=1&b=2 with token=2", "GET /a?token=redacted&b=2 with token=redacted"],
    [
      "Headers.append: \"Bearer abc.d3f-_~+/==\n\" is an invalid header value.",
      "Headers.append: \"Bearer redacted\n\" is an invalid header value."
    ],
    ["curl -H 'Authorization: Basic dXNlcjpwYXNz1'", "curl -H 'Authorization: Basic redacted'"],
    ["bearer authentication failed", "bearer authentication failed"]
  ])("%s", (text, expected) => {
    assert.strictEqual(redactText(text, names), expected)
    assert.strictEqual(redactText(expected, names), expected, "and only once")
  })

  it("in its cause and its properties too, and in the name of a log span, unless nothing is to be redacted", () => {
    const error = new Error("outer", { cause: new Error("password=s3cret") })
    assert.containSubset(plainSnapshot(error), { cause: { message: "password=redacted" } })
    assert.deepStrictEqual(
      Object.entries(spansOf([["GET https://u:p@h/?token=1", 1]], 3, makeSnapshot()).durations(3)),
      [["GET https://redacted@h/?token=redacted", 2]]
    )
    assert.deepInclude(plainSnapshot(Object.assign(new Error("no"), { cmd: "curl --token=s3cret" })), {
      cmd: "curl --token=redacted"
    })
    const all = "password=s3cret Bearer abc123"
    assert.strictEqual(makeSnapshot({}, LogRedactor.none).said(all), all)
  })

  it("in linear time", () => {
    const size = 200_000
    for (
      const part of ["=", "a=", "token=", "password='", "bearer ", "authorization: ", "authorization:a ", "a1", " "]
    ) {
      const start = performance.now()
      redactText(`Bearer ${part.repeat(size)}`, names)
      assert.isBelow(performance.now() - start, 2000, part)
    }
  })
})
