import { assert, describe, it } from "@effect/vitest"
import {
  Cause,
  Chunk,
  Data,
  DateTime,
  Duration,
  Exit,
  HashMap,
  HashSet,
  Option,
  Redactable,
  Redacted,
  Result,
  Schema
} from "effect"
import * as vm from "node:vm"
import { PackedMessage } from "../../src/record/PackedMessage.ts"
import { makeSnapshot, plain, plainSnapshot, snapshotOf } from "../support/capture.ts"
import { revoked } from "../support/hostile.ts"

const throwing = (): never => {
  throw new Error("hostile")
}

const withGetter = (key: string, get: () => unknown): object =>
  Object.defineProperty({ before: 1, after: 2 }, key, { enumerable: true, get })

class Account {
  readonly owner: string
  readonly #balance = 100
  constructor(owner: string) {
    this.owner = owner
  }
  get balance(): number {
    return this.#balance
  }
}

class TenantKey {
  [Redactable.symbolRedactable](): unknown {
    return "tenant-***"
  }
  readonly key = "plain-key"
}

class KeyList extends Array<string> {
  [Redactable.symbolRedactable](): unknown {
    return `${this.length} keys`
  }
}

describe("F29: values JSON cannot hold", () => {
  const circular: Record<string, unknown> = { name: "loop" }
  circular["self"] = circular
  const twice = { shared: true }

  it.each<[title: string, value: unknown, shown: unknown]>([
    ["undefined", undefined, null],
    ["NaN", Number.NaN, "NaN"],
    ["an infinity", -Infinity, "-Infinity"],
    ["a bigint", 12345678901234567890n, "12345678901234567890"],
    ["a huge bigint", 1n << 5000n, "[BigInt of more than 4096 bits]"],
    ["a huge negative bigint", -(1n << 5000n), "[BigInt of more than 4096 bits]"],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a named function", function handler() {}, "[Function handler]"],
    ["an anonymous function", (() => () => {})(), "[Function]"],
    ["a class", Account, "[Function Account]"],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", new Date(Number.NaN), "Invalid Date"],
    ["a cycle", circular, { name: "loop", self: "[Circular]" }],
    ["one object twice, which is no cycle", [twice, twice], [{ shared: true }, { shared: true }]],
    ["a regular expression", /a+/giu, "/a+/giu"],
    ["a map", new Map<unknown, unknown>([["a", 1], [2, "b"]]), { a: 1, 2: "b" }],
    ["a set", new Set([1, "two", [3]]), [1, "two", [3]]],
    ["bytes", new Uint8Array(70_000), "[Uint8Array(70000 bytes)]"],
    ["a buffer", Buffer.from("secret"), "[Uint8Array(6 bytes)]"],
    ["an array buffer", new ArrayBuffer(3), "[ArrayBuffer(3 bytes)]"],
    ["a shared array buffer", new SharedArrayBuffer(4), "[SharedArrayBuffer(4 bytes)]"],
    ["a promise", Promise.resolve(1), "[Promise]"],
    ["a weak map", new WeakMap(), "[WeakMap]"],
    ["a weak reference", new WeakRef({}), "[WeakRef]"],
    ["a boxed string", Object("text"), "text"],
    ["a boxed number", Object(1), 1],
    ["a boxed bigint", Object(1n), "1"],
    ["a boxed symbol", Object(Symbol("s")), "Symbol(s)"],
    ["a sparse array", Object.assign([], { 2: "c", length: 4 }), [null, null, "c", null]],
    ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["an object with private fields", new Account("Ada"), { owner: "Ada" }],
    ["a URL", new URL("https://u:p@host/path"), "https://redacted@host/path"],
    ["a URL without password", new URL("https://host/path?q=1"), "https://host/path?q=1"],
    ["a toJSON that is no function", { toJSON: "text", a: 1 }, { toJSON: "text", a: 1 }],
    ["what toPrimitive says", { [Symbol.toPrimitive]: throwing, a: 1 }, { a: 1 }],
    ["a toString that throws", { toString: throwing, valueOf: throwing }, {
      toString: "[Function throwing]",
      valueOf: "[Function throwing]"
    }],
    ["inherited keys, which are not own", Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }), {
      own: 2
    }]
  ])("%s", (_, value, shown) => {
    assert.deepStrictEqual(plainSnapshot(value), shown)
    assert.deepStrictEqual(
      plainSnapshot({ field: value, next: 1 }),
      value === undefined ? { next: 1 } : {
        field: shown,
        next: 1
      }
    )
  })

  it("keys of a map that look alike stay apart", () => {
    const map = new Map<unknown, unknown>([[{}, "first"], [{}, "second"], [1, "number"], ["1", "text"]])
    assert.deepStrictEqual(plainSnapshot(map), {
      "[Object]": "first",
      "[Object] #2": "second",
      1: "number",
      "1 #4": "text"
    })
  })
})

describe("values of Effect", () => {
  it.each<[title: string, value: unknown, shown: unknown]>([
    ["Some", Option.some({ password: "x", a: 1 }), {
      _id: "Option",
      _tag: "Some",
      value: { password: "<redacted>", a: 1 }
    }],
    ["None", Option.none(), { _id: "Option", _tag: "None" }],
    ["a success", Exit.succeed(1), { _id: "Exit", _tag: "Success", value: 1 }],
    ["a failure", Exit.fail({ token: "x" }), {
      _id: "Exit",
      _tag: "Failure",
      cause: [{ kind: "Fail", error: { token: "<redacted>" } }]
    }],
    ["a good result", Result.succeed(1), { _id: "Result", _tag: "Success", value: 1 }],
    ["a bad result", Result.fail("no"), { _id: "Result", _tag: "Failure", failure: "no" }],
    ["a chunk", Chunk.make(1, { pin: 2 }), [1, { pin: "<redacted>" }]],
    ["a hash set", HashSet.make("a"), ["a"]],
    ["a duration", Duration.seconds(3), { _id: "Duration", _tag: "Millis", millis: 3000 }],
    ["a date-time", DateTime.makeUnsafe(0), "1970-01-01T00:00:00.000Z"],
    ["a secret", Redacted.make("x"), "<redacted>"],
    ["a labelled secret", Redacted.make("x", { label: "API key" }), "<redacted:API key>"],
    ["a redactable", new TenantKey(), "tenant-***"],
    ["a redactable array", KeyList.from(["k1", "k2"]), "2 keys"],
    ["a redactable that throws", { [Redactable.symbolRedactable]: throwing, key: "plain-key" }, "[threw]"],
    ["a redactable that is no function", { [Redactable.symbolRedactable]: 1, key: "plain-key" }, "[threw]"],
    ["a hash map", HashMap.make(["a", 1], ["password", 2]), { a: 1, password: "<redacted>" }],
    ["a cause", Cause.fail("no"), [{ kind: "Fail", error: "no" }]],
    ["a cause in a cause", Cause.fail(Cause.die("deep")), [{ kind: "Fail", error: [{ kind: "Die", error: "deep" }] }]]
  ])("%s", (_, value, shown) => {
    assert.deepStrictEqual(plainSnapshot(value), shown)
  })

  it("a cycle through two containers ends, and soon", () => {
    const list: Array<unknown> = []
    list.push(Option.some(list), Exit.succeed(list), Result.fail(list), Chunk.of(list))
    assert.deepStrictEqual(plainSnapshot(list), [
      { _id: "Option", _tag: "Some", value: "[Circular]" },
      { _id: "Exit", _tag: "Success", value: "[Circular]" },
      { _id: "Result", _tag: "Failure", failure: "[Circular]" },
      ["[Circular]"]
    ])
  })

  it("causes nested without end stop at the depth limit", () => {
    const endless = (): object => withGetter("next", () => Cause.fail(endless()))
    const text = JSON.stringify(snapshotOf(endless(), { depth: 4 }))
    assert.isBelow(text.length, 400)
  })
})

describe("F30: values that throw", () => {
  it.each<[title: string, value: unknown, shown: unknown]>([
    ["a revoked proxy", revoked(), "[threw]"],
    ["a proxy without keys", new Proxy({}, { ownKeys: throwing }), "[threw]"],
    ["a proxy without values", new Proxy({ a: 1 }, { get: throwing }), "[threw]"],
    ["a getter", withGetter("bad", throwing), { before: 1, after: 2, bad: "[threw]" }],
    ["a toJSON", { toJSON: throwing }, "[threw]"],
    ["a toJSON getter", withGetter("toJSON", throwing), "[threw]"],
    ["a getter among array items", Object.defineProperty([1, 2, 3], 1, { get: throwing }), [1, "[threw]", 3]],
    ["a map whose value throws", new Map([["a", { toJSON: throwing }]]), { a: "[threw]" }],
    ["an impostor of Date", Object.create(Date.prototype), "[threw]"],
    ["an impostor of Map", Object.create(Map.prototype), "[Map]"],
    [
      "a thrown revoked proxy",
      withGetter("bad", () => {
        throw revoked()
      }),
      { before: 1, after: 2, bad: "[threw]" }
    ]
  ])("%s costs its own field only", (_, value, shown) => {
    assert.deepStrictEqual(plainSnapshot({ value, next: 1 }), { value: shown, next: 1 })
  })

  it("a toJSON that returns its object falls back to the object's fields", () => {
    const self = { a: 1, toJSON: (): unknown => self }
    assert.deepStrictEqual(plainSnapshot(self), { a: 1, toJSON: "[Function toJSON]" })
  })

  it("a toJSON that returns ever new objects stops at the depth limit", () => {
    const next = (): object => ({ toJSON: next })
    assert.strictEqual(snapshotOf(next()), "[Object]")
  })

  it("a hostile toStringTag is bounded", () => {
    const deep = { [Symbol.toStringTag]: "x".repeat(1_000_000) }
    assert.isBelow(String(snapshotOf(deep, { depth: 0 })).length, 300)
  })

  it("a hostile function name is bounded", () => {
    const named = Object.defineProperty(() => {}, "name", { value: "x".repeat(1_000_000) })
    assert.isBelow(String(snapshotOf(named)).length, 300)
  })
})

describe("F34: keys with a meaning of their own", () => {
  it("__proto__ and constructor are data like any other", () => {
    const input: unknown = JSON.parse(`{"__proto__":{"admin":true},"constructor":1,"hasOwnProperty":2}`)
    const copy = snapshotOf(input)
    assert.strictEqual(JSON.stringify(copy), JSON.stringify(input))
    assert.strictEqual(Reflect.get({}, "admin"), undefined)
    assert.strictEqual(
      JSON.stringify(snapshotOf(new Map([["__proto__", { admin: true }]]))),
      `{"__proto__":{"admin":true}}`
    )
  })
})

describe("errors", () => {
  class NotFound extends Data.TaggedError("NotFound")<{ readonly id: number; readonly apiKey: string }> {}
  class Invalid extends Schema.TaggedError<Invalid>()("Invalid", { field: Schema.String, cause: Schema.Defect() }) {}
  class Lazy extends Error {
    override get cause(): unknown {
      return "computed"
    }
  }

  it("keep name, message, stack and own fields", () => {
    const error = Object.assign(new TypeError("wrong"), { code: "E_WRONG", token: "x" })
    assert.deepInclude(plainSnapshot(error), {
      name: "TypeError",
      message: "wrong",
      stack: error.stack,
      code: "E_WRONG",
      token: "<redacted>"
    })
  })

  it("of Effect keep tag and fields", () => {
    assert.deepInclude(plainSnapshot(new NotFound({ id: 7, apiKey: "x" })), {
      _tag: "NotFound",
      name: "NotFound",
      id: 7,
      apiKey: "<redacted>"
    })
    assert.containSubset(plainSnapshot(new Invalid({ field: "age", cause: new Error("inner") })), {
      _tag: "Invalid",
      field: "age",
      cause: { name: "Error", message: "inner" }
    })
  })

  it("keep the errors of an AggregateError, and a cause that is computed", () => {
    const error = new AggregateError([new Error("one"), "two"], "both")
    assert.containSubset(plainSnapshot(error), { message: "both", errors: [{ message: "one" }, "two"] })
    assert.containSubset(plainSnapshot(new Lazy("lazy")), { message: "lazy", cause: "computed" })
  })

  it("F37: a cyclic chain of causes ends", () => {
    const first = new Error("first")
    const second = new Error("second", { cause: first })
    first.cause = second
    assert.containSubset(plainSnapshot(first), { message: "first", cause: { message: "second", cause: "[Circular]" } })
  })

  it("F37: a very long chain of causes is bounded", () => {
    let error = new Error("root")
    for (let i = 0; i < 10_000; i++) error = new Error(`level ${i}`, { cause: error })
    assert.strictEqual(JSON.stringify(snapshotOf(error)).split(`"cause"`).length - 1, 8)
  })

  it("F30: hostile getters cost their own field only", () => {
    for (const key of ["name", "message", "stack", "cause"]) {
      const error = Object.defineProperty(new Error("text"), key, { get: throwing })
      const shown = key === "stack" ? "Error: text\n[threw]" : "[threw]"
      assert.containSubset(plainSnapshot(error), { name: "Error", message: "text", [key]: shown })
    }
  })
})

describe("values of another realm", () => {
  it.each<[code: string, shown: unknown]>([
    ["({ a: { password: 1 } })", { a: { password: "<redacted>" } }],
    ["[1, [2]]", [1, [2]]],
    ["new Map([['token', 1], ['a', 2]])", { token: "<redacted>", a: 2 }],
    ["new Set([1, 2])", [1, 2]],
    ["new Date(NaN)", "Invalid Date"],
    ["new Date(0)", "1970-01-01T00:00:00.000Z"],
    ["/x/g", "/x/g"],
    ["new Uint8Array(2)", "[Uint8Array(2 bytes)]"],
    ["new Boolean(false)", false]
  ])("%s", (code, shown) => {
    assert.deepStrictEqual(plainSnapshot(vm.runInNewContext(code)), shown)
  })

  it("an error stays an error", () => {
    const error: unknown = vm.runInNewContext("new RangeError('far', { cause: 'away' })")
    assert.deepInclude(plainSnapshot(error), { name: "RangeError", message: "far", cause: "away" })
  })
})

describe("F36: a snapshot shares nothing with the program", () => {
  it("whatever is changed afterwards", () => {
    const error = Object.assign(new Error("before"), { details: { n: 1 } })
    const inner = { list: [1, { deep: 1 }], map: new Map([["k", [1]]]), set: new Set([1]), date: new Date(0), error }
    const copy = snapshotOf(inner)
    const before = JSON.stringify(copy)
    inner.list.push(2)
    Object.assign(inner.list[1]!, { deep: 2 })
    inner.map.get("k")!.push(2)
    inner.set.add(2)
    inner.date.setTime(1)
    error.message = "after"
    error.details.n = 2
    assert.strictEqual(JSON.stringify(copy), before)
  })

  it("nor the messages of a call, whatever kind of array they are in", () => {
    const readOnly = new Proxy([{ password: "hunter2" }, 1], { set: () => true })
    class Live extends Array<unknown> {
      static override get [Symbol.species](): ArrayConstructor {
        return new Proxy(Array, { construct: () => readOnly })
      }
    }
    for (const messages of [readOnly, new Live({ password: "hunter2" }, 1)]) {
      const copy = makeSnapshot().messages(messages)
      assert.instanceOf(copy, PackedMessage)
      assert.deepStrictEqual(plain(copy.unpack()), [{ password: "<redacted>" }, 1])
      assert.notStrictEqual(copy.leaves, readOnly)
    }
  })
})
