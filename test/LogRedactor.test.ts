import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Effect, Redacted, Schema } from "effect"
import { LogEncoder, Logging, LogRedactor } from "../src/index.ts"
import { makeSnapshot, plain, recordsOf } from "./support/capture.ts"
import { secret } from "./support/hostile.ts"

const lineOf = (
  program: Effect.Effect<unknown, never, Logging.Logging>,
  redact?: LogRedactor.Options | false
): Effect.Effect<string> =>
  Effect.map(recordsOf(program, { redact }), (records) => {
    assert.isNotEmpty(records)
    return records.map((record) =>
      [LogEncoder.json(), LogEncoder.logfmt(), LogEncoder.pretty()].map((encoder) => encoder.encode(record)).join("\n")
    ).join("\n")
  })

class LoginFailed extends Data.TaggedError("LoginFailed")<{ readonly user: string; readonly password: string }> {}
class Refused extends Schema.TaggedError<Refused>()("Refused", { sessionId: Schema.String }) {}

describe("which keys are secret", () => {
  const redactor = LogRedactor.make()

  it.each([
    "password",
    "PASSWORD",
    "Pass-Word",
    "pass_word",
    "pass.word",
    "db_password",
    "DB_PASSWORD",
    "dbPassword",
    "passwords",
    "authorization",
    "Authorization",
    "proxy-authorization",
    "Cookie",
    "cookies",
    "set-cookie",
    "Set-Cookie",
    "X-Api-Key",
    "api_key",
    "apiKey",
    "x-auth-token",
    "refresh_token",
    "accessToken",
    "client_secret",
    "clientSecret",
    "private key",
    "AWS_SECRET_ACCESS_KEY",
    "credentials",
    "rawHeaders",
    "_header",
    "ADMIN_CREDENTIALS",
    "dbConnectionString",
    "jwt"
  ])("%s is", (key) => {
    assert.isTrue(redactor.isSensitive(key))
    assert.isTrue(redactor.isSensitive(key), "and stays so when remembered")
  })

  it.each(["user", "header", "tokenCount", "passenger", "secretary", "author", "keyboard", "pinned", ""])(
    "%s is not",
    (key) => {
      assert.isFalse(redactor.isSensitive(key))
      assert.isFalse(redactor.isSensitive(key))
    }
  )

  it("further keys are compared like the default ones", () => {
    const custom = LogRedactor.make({ keys: ["Tax-Number"] })
    assert.isTrue(custom.isSensitive("tax_number"))
    assert.isTrue(custom.isSensitive("taxNumber"))
    assert.isFalse(custom.isSensitive("taxNumbers"))
  })

  it("allow wins over every rule", () => {
    const custom = LogRedactor.make({ keys: ["a"], allow: ["A", "csrf-token"], isSensitive: () => true })
    assert.isFalse(custom.isSensitive("a"))
    assert.isFalse(custom.isSensitive("csrfToken"))
    assert.isTrue(custom.isSensitive("token"))
  })

  it("a rule of one's own is asked once for a key, with the key as it is", () => {
    const asked: Array<string> = []
    const custom = LogRedactor.make({
      isSensitive(key) {
        asked.push(key)
        return key.startsWith("Internal")
      }
    })
    assert.isTrue(custom.isSensitive("Internal-Id"))
    assert.isTrue(custom.isSensitive("Internal-Id"))
    assert.isFalse(custom.isSensitive("internal-id"))
    assert.isTrue(custom.isSensitive("password"))
    assert.deepStrictEqual(asked, ["Internal-Id", "internal-id"])
  })

  it("without defaults only the own rules hold", () => {
    const custom = LogRedactor.make({ defaults: false, keys: ["x"] })
    assert.isTrue(custom.isSensitive("x"))
    assert.isFalse(custom.isSensitive("password"))
    assert.isFalse(custom.isSensitive("dbPassword"))
  })

  it("ever new keys do not make it forget, nor grow without bound", () => {
    for (let i = 0; i < 20_000; i++) {
      assert.isFalse(redactor.isSensitive(`key${i}`))
      assert.isTrue(redactor.isSensitive(`key${i}password`))
    }
    assert.isTrue(redactor.isSensitive(`${"x".repeat(100_000)}Password`))
  })
})

describe("where secrets may stand", () => {
  const source = {
    user: "ada",
    password: secret,
    headers: { "Authorization": `Bearer ${secret}`, "x-api-key": secret, "accept": "*/*" },
    list: [
      { token: secret },
      new Map<unknown, unknown>([
        ["cookie", secret],
        [{}, { secret }],
        [Symbol("password"), secret],
        [Object("password"), secret]
      ])
    ]
  }

  it.effect.each<[where: string, program: Effect.Effect<unknown, never, Logging.Logging>]>([
    ["a message", Effect.log(source)],
    ["several messages", Effect.log("login", source, [source])],
    ["annotations", Effect.log("login").pipe(Effect.annotateLogs({ request: source, password: secret }))],
    [
      "a Redacted value anywhere",
      Effect.log({ a: [Redacted.make(secret)] }).pipe(
        Effect.annotateLogs("r", Redacted.make(secret))
      )
    ],
    ["an error", Effect.log(Object.assign(new Error("e"), source))],
    ["the cause of an error", Effect.log(new Error("e", { cause: Object.assign(new Error("c"), source) }))],
    ["an AggregateError", Effect.log(new AggregateError([source], "e"))],
    ["a failure", Effect.logError("failed", Cause.fail(new LoginFailed({ user: "ada", password: secret })))],
    ["a failure of a schema", Effect.logError(Cause.fail(new Refused({ sessionId: secret })))],
    ["a failure that is no error", Effect.logError(Cause.fail({ nested: source }))],
    ["a defect", Effect.logError(Cause.die(Object.assign(new Error("e"), source)))],
    ["what toJSON returns", Effect.log({ toJSON: () => source })],
    ["a URL", Effect.log(new URL(`https://ada:${secret}@host/`))],
    ["the query of a URL", Effect.log({ seen: new URL(`https://host/?page=1&access_token=${secret}`) })],
    ["a URL as text", Effect.log({ DATABASE_URL: `postgres://ada:${secret}@db/app` })],
    ["a URL as text, annotated", Effect.annotateLogs(Effect.log(""), "url", `/login?password=${secret}`)],
    ["URLs as texts", Effect.log([new Map([["redirectUrls", ["/", `/cb#id_token=${secret}`]]])])],
    ["a signed URL", Effect.log(Object.assign(new Error("e"), { url: `https://host/a?X-Amz-Signature=${secret}` }))],
    ["a URL in the text of an error", Effect.log(new Error(`connect to redis://:${secret}@cache failed`))],
    ["a URL in a text that is a failure", Effect.logError(Cause.fail(`GET /a?token=${secret} failed`))],
    ["a URL in a text that is a defect", Effect.logError(Cause.die(`GET https://ada:${secret}@host failed`))],
    ["a header", Effect.log({ headers: { referer: `https://host/?code=${secret}`, ":path": `/?sig=${secret}` } })],
    [
      "attributes of the direct logger",
      Effect.map(Logging.Logging, ({ logger }) => {
        logger.info("login", source)
        logger.with(source).info(source)
        logger.with({ child: source }).with({ other: source }).error(new LoginFailed({ user: "ada", password: secret }))
      })
    ]
  ])("%s", ([, program]) =>
    Effect.gen(function*() {
      const line = yield* lineOf(program)
      assert.notInclude(line, secret)
      assert.include(line, "redacted")
    }))

  it.effect("the program's own object is not touched", () =>
    Effect.gen(function*() {
      const before = JSON.stringify(source)
      const frozen = Object.freeze({ password: secret, inner: Object.freeze({ token: secret }) })
      yield* lineOf(Effect.log(source, frozen))
      assert.strictEqual(JSON.stringify(source), before)
      assert.strictEqual(frozen.inner.token, secret)
    }))

  it.effect("a getter under a secret key is not even read", () =>
    Effect.gen(function*() {
      let reads = 0
      const guarded = Object.defineProperty({}, "password", { enumerable: true, get: () => ++reads })
      yield* lineOf(Effect.log(guarded))
      assert.strictEqual(reads, 0)
    }))

  it.effect("without redaction only Redacted values are hidden", () =>
    Effect.gen(function*() {
      const line = yield* lineOf(Effect.log({ password: "shown", key: Redacted.make(secret) }), false)
      assert.include(line, "shown")
      assert.notInclude(line, secret)
    }))

  it("what a URL says otherwise stays", () => {
    const shown = makeSnapshot().value({
      url: "https://ada:pw@host:8080/a?page=2&token=x#top",
      path: 1,
      link: [2, "a"]
    })
    assert.deepStrictEqual(plain(shown), {
      url: "https://redacted@host:8080/a?page=2&token=redacted#top",
      path: 1,
      link: [2, "a"]
    })
  })

  it("the marker can be chosen", () => {
    const snapshot = makeSnapshot({}, LogRedactor.make({ marker: "***" }))
    assert.deepStrictEqual(plain(snapshot.value({ password: secret })), { password: "***" })
  })
})

describe("F66: a redactor that throws", () => {
  const redact: LogRedactor.Options = {
    isSensitive(key) {
      if (key === "bad") throw new Error("the rule is broken")
      return false
    }
  }

  it.effect("leaves a stub, which is delivered and counted; other records are not harmed", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const records = yield* recordsOf(
        Effect.gen(function*() {
          yield* Effect.logWarning("first", { nested: [new Map([["bad", secret]])] })
          yield* Effect.logError(Cause.fail(Object.assign(new Error("e"), { bad: secret })))
          yield* Effect.log("second").pipe(Effect.annotateLogs("bad", secret))
          const { logger, stats } = yield* Logging.Logging
          logger.info("third", { bad: secret })
          logger.with({ bad: secret }).info("fourth")
          yield* Effect.log("fifth", { good: 1 })
          const { capture } = yield* stats
          assert.strictEqual(capture.offered, 6)
          assert.strictEqual(capture.accepted, 6)
        }),
        { redact, diagnostics: (line) => lines.push(line) }
      )
      const stub = "[record withheld: redaction failed]"
      assert.deepStrictEqual(records.map(({ level, message }) => [level, plain(message)]), [
        ["Warn", stub],
        ["Error", stub],
        ["Info", stub],
        ["Info", stub],
        ["Info", "fourth"],
        ["Info", ["fifth", { good: 1 }]]
      ])
      const all = records.map((record) => LogEncoder.json().encode(record)).concat(lines).join("\n")
      assert.notInclude(all, secret)
      assert.include(lines.join(""), "redaction failed")
    }))
})
