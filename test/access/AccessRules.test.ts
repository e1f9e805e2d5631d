import { assert, describe, it } from "@effect/vitest"
import { type Arrival, type Ending, sayArrival, sayEnding } from "../../src/access/accessFields.ts"
import {
  accessChecks,
  type AccessOptions,
  AccessRules,
  type Outcome,
  type Requested
} from "../../src/access/AccessRules.ts"
import { checkOptions } from "../../src/options/checkOptions.ts"
import { SaidFields } from "../../src/record/EventMessage.ts"
import type { Level } from "../../src/record/level.ts"

/** What is said, as an object. */
const fieldsOf = (speak: (said: SaidFields) => void): Readonly<Record<string, unknown>> => {
  const said = new SaidFields()
  speak(said)
  return Object.fromEntries(said.names.map((name, i) => [name, said.values[i]]))
}

const arrivalFields = (arrival: Arrival) => fieldsOf((said) => sayArrival(said, arrival))

const endingFields = (end: Ending) => fieldsOf((said) => sayEnding(said, end))

const rulesOf = (options: AccessOptions = {}): AccessRules =>
  new AccessRules(checkOptions("test", accessChecks, options))

const headers = (given: Readonly<Record<string, string>>) => (name: string): string | undefined => given[name]

const requested = (request: Partial<Requested> = {}): Requested => ({
  method: "GET",
  target: "/orders/7?token=s3cr3t",
  scheme: "http",
  protocolVersion: "1.1",
  peer: "127.0.0.1",
  header: headers({ host: "shop.example:8080", "user-agent": "curl/8" }),
  ...request
})

const ending = (end: Partial<Ending> = {}): Ending => ({
  ended: "answered",
  route: undefined,
  status: 200,
  requestBytes: 0,
  responseBytes: 2,
  error: undefined,
  ...end
})

describe("what a record says of a request that comes", () => {
  it("has the names of OpenTelemetry, and no query", () => {
    assert.deepStrictEqual(arrivalFields(rulesOf().arrival(requested())), {
      "http.request.method": "GET",
      "url.path": "/orders/7",
      "url.scheme": "http",
      "network.protocol.version": "1.1",
      "client.address": "127.0.0.1",
      "server.address": "shop.example",
      "user_agent.original": "curl/8"
    })
  })

  it("has the query where it is asked for, without its secrets", () => {
    const arrival = rulesOf({ query: true }).arrival(requested({ target: "/?token=s3cr3t&page=2" }))
    assert.strictEqual(arrivalFields(arrival)["url.query"], "token=redacted&page=2")
  })

  it("has the address of the socket too where a proxy is trusted", () => {
    const header = headers({ "x-forwarded-for": "198.51.100.7" })
    const fields = arrivalFields(rulesOf({ trustedProxies: 1 }).arrival(requested({ header })))
    assert.deepStrictEqual([fields["client.address"], fields["network.peer.address"]], ["198.51.100.7", "127.0.0.1"])
    const mapped = arrivalFields(rulesOf().arrival(requested({ peer: "::ffff:127.0.0.1" })))
    assert.deepStrictEqual([mapped["client.address"], mapped["network.peer.address"]], ["127.0.0.1", undefined])
  })

  it("names a method that nobody knows `_OTHER`", () => {
    const fields = arrivalFields(rulesOf().arrival(requested({ method: "BREW" })))
    assert.deepStrictEqual([fields["http.request.method"], fields["http.request.method_original"]], ["_OTHER", "BREW"])
  })

  it("cuts what a client may make long", () => {
    const long = "x".repeat(9999)
    const header = headers({ host: long, "user-agent": long })
    const arrival = rulesOf({ query: true }).arrival(requested({ header, target: `/${long}?${long}`, method: long }))
    for (const text of Object.values(arrivalFields(arrival))) assert.isAtMost(String(text).length, 1024)
  })

  it("knows hosts without a port, and of IPv6", () => {
    for (
      const [host, address] of [["shop", "shop"], ["[::1]:80", "[::1]"], ["[::1]", "[::1]"], ["", undefined]] as const
    ) {
      assert.strictEqual(rulesOf().arrival(requested({ header: headers({ host }) })).serverAddress, address)
    }
  })
})

describe("what it says at its end", () => {
  it("has route, status and bytes", () => {
    assert.deepStrictEqual(endingFields(ending({ route: "/orders/:id" })), {
      "http.route": "/orders/:id",
      "http.response.status_code": 200,
      "http.request.body.size": 0,
      "http.response.body.size": 2
    })
  })

  it("is 499 where the client has gone, with what was sent before", () => {
    const fields = endingFields(ending({ ended: "client-gone" }))
    assert.deepStrictEqual([fields["http.response.status_code"], fields["http.response.status_code_sent"]], [499, 200])
    const none = endingFields(ending({ ended: "client-gone", status: undefined }))
    assert.deepStrictEqual([none["http.response.status_code"], none["http.response.status_code_sent"]], [
      499,
      undefined
    ])
  })

  const types: ReadonlyArray<readonly [Partial<Ending>, string | undefined]> = [
    [{}, undefined],
    [{ status: 404 }, undefined],
    [{ status: 503 }, "503"],
    [{ ended: "client-gone" }, undefined],
    [{ ended: "broken-off", status: undefined }, "response_broken_off"],
    [{ status: 500, error: new TypeError("no") }, "TypeError"],
    [{ status: 500, error: { _tag: "OrderError", name: "Error" } }, "OrderError"],
    [{ status: 500, error: "no" }, "string"],
    [{ status: 500, error: null }, "object"],
    [{ status: 500, error: {} }, "Error"],
    [{ status: 500, error: { name: "x".repeat(999) } }, "x".repeat(128)],
    [{
      status: 500,
      error: {
        get name() {
          return assert.fail("read")
        }
      }
    }, "Error"]
  ]
  for (const [i, [end, type]] of types.entries()) {
    it(`has the error.type ${type?.slice(0, 30)} (${i})`, () => {
      assert.strictEqual(endingFields(ending(end))["error.type"], type)
    })
  }
})

describe("the level of a record", () => {
  const arrival = rulesOf().arrival(requested())
  const rows: ReadonlyArray<readonly [Partial<Ending>, Level]> = [
    [{}, "Info"],
    [{ status: 304 }, "Info"],
    [{ status: 404 }, "Warn"],
    [{ status: 500 }, "Error"],
    [{ ended: "client-gone" }, "Warn"],
    [{ ended: "client-gone", status: undefined }, "Warn"],
    [{ ended: "broken-off" }, "Error"],
    [{ ended: "broken-off", status: undefined }, "Error"]
  ]
  for (const [end, level] of rows) {
    it(`is ${level} for ${JSON.stringify(end)}`, () => {
      assert.strictEqual(rulesOf().level(arrival, ending(end)), level)
    })
  }

  it("is the program's to say, unless that throws or says none", () => {
    const seen: Array<Outcome> = []
    const level = (outcome: Outcome): Level => {
      seen.push(outcome)
      return "Debug"
    }
    assert.strictEqual(rulesOf({ level }).level(arrival, ending({ ended: "client-gone", route: "/o" })), "Debug")
    assert.deepStrictEqual(seen, [
      { method: "GET", path: "/orders/7", route: "/o", ended: "client-gone", status: 499, error: undefined }
    ])
    assert.strictEqual(rulesOf({ level: () => assert.fail("thrown") }).level(arrival, ending()), "Info")
    assert.strictEqual(rulesOf({ level: () => JSON.parse(`"Loud"`) }).level(arrival, ending()), "Info")
  })
})

describe("health routes", () => {
  const asked = (rules: AccessRules, target: string, end: Partial<Ending> = {}): boolean =>
    rules.leavesOut(rules.arrival(requested({ target })), ending(end))

  it("have a record only when they fail", () => {
    const rules = rulesOf({ health: { paths: ["/healthz", "/health/*"] } })
    assert.isTrue(asked(rules, "/healthz"))
    assert.isTrue(asked(rules, "/healthz?verbose=1"))
    assert.isTrue(asked(rules, "/health/live"))
    assert.isTrue(asked(rules, "/healthz", { status: 404 }))
    assert.isTrue(asked(rules, "/health/..live/v1.2/...?from=/../"))
    for (const away of ["..", "%2e%2E", ".%2e", "."]) {
      for (const end of ["", "/admin", "\\admin", "%2fadmin"]) {
        assert.isFalse(asked(rules, `/health/${away}${end}`), `${away}${end}`)
        assert.isFalse(asked(rules, `http://shop.example/health/live\\${away}${end}`))
      }
    }
    assert.isFalse(asked(rules, "/healthz", { status: 503 }))
    assert.isFalse(asked(rules, "/healthz", { ended: "broken-off" }))
    assert.isFalse(asked(rules, "/healthz", { error: new Error("no") }))
    assert.isFalse(asked(rules, "/healthzz"))
    assert.isFalse(asked(rules, "/health"))
    assert.isFalse(asked(rulesOf(), "/healthz"))
  })

  it("have one in so many", () => {
    const rules = rulesOf({ health: { paths: ["/healthz"], every: 3 } })
    assert.deepStrictEqual(Array.from({ length: 7 }, () => asked(rules, "/healthz")), [
      false,
      true,
      true,
      false,
      true,
      true,
      false
    ])
  })
})

describe("request ids", () => {
  it("come from the header that is named, or from none", () => {
    const header = headers({ "x-request-id": "theirs", "x-amzn-trace-id": "Root=1-2" })
    assert.strictEqual(rulesOf().requestId(header), "theirs")
    const named = rulesOf({ requestIdHeader: "X-Amzn-Trace-Id" })
    assert.deepStrictEqual([named.requestId(header), named.answeredIn], ["Root=1-2", "X-Amzn-Trace-Id"])
    const none = rulesOf({ requestIdHeader: false, makeRequestId: () => "own" })
    assert.deepStrictEqual([none.requestId(header), none.answeredIn], ["own", undefined])
  })
})

describe("options of access records", () => {
  it("are refused with what was expected", () => {
    const wrong: AccessOptions = JSON.parse(
      `{"requestIdHeader":"x id","query":1,"health":{"paths":["healthz","/a*b"],"every":-1},"level":"Info","trustedProxies":["x"]}`
    )
    assert.throws(() => rulesOf(wrong), RangeError)
    try {
      rulesOf(wrong)
    } catch (error) {
      const lines = String(error).split("\n").map((line) => line.replace(/ must .*/, ""))
      assert.deepStrictEqual(lines, [
        "RangeError: test: requestIdHeader",
        "test: trustedProxies[0]",
        "test: query",
        "test: health.paths[0]",
        "test: health.paths[1]",
        "test: health.every",
        "test: level"
      ])
    }
  })
})
