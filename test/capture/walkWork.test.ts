import { assert, describe, it } from "@effect/vitest"
import { Effect, References } from "effect"
import { Logging, LogRedactor } from "../../src/index.ts"
import { makeSnapshot, plain, plainSnapshot, recordsOf, snapshotOf } from "../support/capture.ts"

/** An object of so many keys that counts how often they are listed. */
const wide = (keys: number) => {
  const counted = { lists: 0, descriptors: 0 }
  const target = Object.fromEntries(Array.from({ length: keys }, (_, i) => [`k${i}`, i]))
  const object = new Proxy(target, {
    ownKeys(of) {
      counted.lists++
      return Reflect.ownKeys(of)
    },
    getOwnPropertyDescriptor(of, key) {
      counted.descriptors++
      return Reflect.getOwnPropertyDescriptor(of, key)
    }
  })
  return { counted, object }
}

/** Takes every parameter of a URL for a secret, and counts how often it is asked. */
const askedForParameters = () => {
  const counted = { asked: 0 }
  const redactor = {
    ...LogRedactor.make(),
    isSensitiveParameter: () => {
      counted.asked++
      return true
    }
  }
  return { counted, redactor }
}

const keysOf = (u: unknown): number => Object.keys(Object(u)).length

describe("F84: bounds hold for every way to build a record", () => {
  it("a walk lists the keys of few wide objects, however often they are there", () => {
    const { counted, object } = wide(6000)
    for (
      const value of [Array.from({ length: 100 }, () => object), { a: { b: object }, c: [object, object], d: object }]
    ) {
      counted.lists = 0
      snapshotOf(value)
      assert.isAtMost(counted.lists, 4)
    }
  })

  it("a wide object is listed once, and says how many keys were left out", () => {
    const { counted, object } = wide(5000)
    assert.deepInclude(Object(plainSnapshot(object)), { k99: 99, "…": "[4900 more keys]" })
    assert.isAtMost(counted.lists, 1)
  })

  it("of a text that is cut, no more is looked through for secrets than can be shown", () => {
    const { counted, redactor } = askedForParameters()
    const urls = "https://u:p@h/?a=s3cret ".repeat(100_000)
    for (const value of [new Error(urls), { url: urls }]) {
      counted.asked = 0
      const text = JSON.stringify(makeSnapshot({}, redactor).messages([value]))
      assert.include(text, "https://redacted@h/?a=redacted")
      assert.notInclude(text, "s3cret")
      assert.include(text, `[truncated: ${urls.length} characters]`)
      assert.isAtMost(counted.asked, 5000)
    }
  })

  it("of a name no more is asked about than its ends, whatever text stands where one would", () => {
    const asked: Array<number> = []
    const look = (name: string): boolean => {
      asked.push(name.length)
      return false
    }
    const redactor = { ...LogRedactor.make(), isSensitive: look, holdsUrl: look, isSensitiveParameter: look }
    const text = "keyAbc ".repeat(20_000)
    for (
      const value of [
        { [text]: 1 },
        [[text, "b"]],
        { name: text, value: 1 },
        { headers: [text, "b"] },
        new Map([[text, 1]]),
        new URLSearchParams([[text, "b"]]),
        new URL(`http://host/?${"a".repeat(20_000)}=b`)
      ]
    ) {
      asked.length = 0
      makeSnapshot({}, redactor).value(value)
      assert.isAbove(Math.max(...asked), 1000)
      assert.isAtMost(Math.max(...asked), 1100)
    }
  })

  it("a long name is a secret by either of its ends", () => {
    const filler = "x1 ".repeat(5000)
    for (const name of [`password ${filler}`, `${filler} password`]) {
      assert.notInclude(JSON.stringify(snapshotOf([{ [name]: "s3cret" }, { name, value: "s3cret" }])), "s3cret")
    }
  })

  it("a URL under its name beside it, and the label of a span, are looked through as far as they are shown", () => {
    const { counted, redactor } = askedForParameters()
    const urls = `https://u:p@h/?${"a=s3cret&".repeat(100_000)}`
    const cut = `[truncated: ${urls.length} characters]`
    for (
      const value of [[["url", urls]], { name: "url", value: urls }, {
        a: { b: { c: { d: { e: { f: [["url", urls]] } } } } }
      }]
    ) {
      counted.asked = 0
      const text = JSON.stringify(makeSnapshot({}, redactor).value(value))
      assert.include(text, "https://redacted@h/?a=redacted")
      assert.include(text, cut)
      assert.notInclude(text, "s3cret")
      assert.isAtMost(counted.asked, 10_000)
    }
    counted.asked = 0
    const label = makeSnapshot({}, redactor).label(urls)
    assert.match(label, /^https:\/\/redacted@h\/\?a=redacted/)
    assert.isTrue(label.endsWith(cut))
    assert.notInclude(label, "s3cret")
    assert.isAtMost(counted.asked, 100)
  })

  it("a long message is not looked for all over a long stack", () => {
    const half = "a".repeat(20_000)
    const stackOf = (stack: string, message: string): unknown => {
      const error = Object.assign(new Error(message), { stack })
      return Object(plainSnapshot(error, { recordBytes: 1e7 })).stack
    }
    // Looked for as one text, it takes several seconds.
    const other = `Other:${"a".repeat(1_000_000)}\n    at other (a.ts:1:1)`
    assert.match(String(stackOf(other, `${half}b${half}`)), /\n    at other \(a\.ts:1:1\)$/)
    const lines = `first\n    at no frame\n${half}`
    assert.match(
      String(stackOf(`Odd name: ${lines}\n    at frame (a.ts:1:1)`, lines)),
      /aaa\n    at frame \(a\.ts:1:1\)$/
    )
  })

  it("credentials in a text that is cut in the middle of them are hidden", () => {
    const [prefix, password] = ["?token=s3cret ".repeat(3), "p".repeat(200)]
    for (let length = 0; length < 120; length++) {
      const text = `${prefix}${"x".repeat(length)} postgres://ada:${password}@host/db`
      const walk = makeSnapshot({ fieldBytes: 64 })
      assert.notInclude(walk.said(text) + walk.url(`postgres://${"a".repeat(length)}:${password}@host/db`), "ppp")
    }
  })

  it("objects that are not too wide are all shown", () => {
    const shown = snapshotOf(Array.from({ length: 20 }, () => wide(200).object))
    assert.deepStrictEqual(Object.values(Object(shown)).map(keysOf), Array.from({ length: 20 }, () => 101))
  })

  it("keys of a prototype are passed over, but not for ever", () => {
    let asked = 0
    const prototype = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, i]))
    const object = new Proxy(Object.assign(Object.create(prototype), { own: 1 }), {
      getOwnPropertyDescriptor(of, key) {
        asked++
        return Reflect.getOwnPropertyDescriptor(of, key)
      }
    })
    assert.deepStrictEqual(plainSnapshot(object), { own: 1 })
    // The engine asks for each of the 5,000, and the walk for the first 1,000 of them, twice through a proxy.
    assert.isAtMost(asked, 7100)
  })

  it("what makes new objects for ever, and what never ends, is walked to its bounds", () => {
    const again = (): object => ({ toJSON: again })
    const endless = {
      *[Symbol.iterator]() {
        for (let i = 0;; i++) yield [i, i]
      }
    }
    const deep = Array.from({ length: 10_000 }).reduce<Error>((cause) => new Error("x", { cause }), new Error("y"))
    let reads = 0
    const getter = {
      get next(): unknown {
        reads++
        return getter.next2
      },
      get next2(): unknown {
        return Object.create(Object.getPrototypeOf(getter), Object.getOwnPropertyDescriptors(getter))
      }
    }
    const sparse: Array<unknown> = []
    sparse.length = 2 ** 32 - 1
    const million = new Map(Array.from({ length: 100_000 }, (_, i) => [i, i]))
    for (const value of [{ again: again() }, endless, deep, getter, sparse, million, new Set(million.keys())]) {
      assert.isBelow(JSON.stringify(snapshotOf(value)).length, 20_000)
    }
    assert.isBelow(reads, 1000)
  })

  it.effect("a chain of `with` has as many attributes as an object, and so has a call with more", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(Effect.gen(function*() {
        let { logger } = yield* Logging.Logging
        for (let i = 0; i < 8000; i++) logger = logger.with({ [`a${i}`]: i, id: i })
        logger.info("bound")
        logger.info("and more", Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`b${i}`, i])))
        logger.info("replaced", { a0: "new" })
      }))
      assert.deepStrictEqual(records.map(({ annotations }) => keysOf(annotations)), [101, 101, 101])
      const [first, , last] = records
      assert.deepInclude(first?.annotations, { a0: 0, a98: 98, id: 7999, "…": "[more keys]" })
      assert.strictEqual(last?.annotations["a0"], "new")
    }))

  it.effect("a chain of annotateLogs has as many as an object", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(
        Array.from({ length: 300 }).reduce<Effect.Effect<void>>(
          (effect, _, i) => Effect.annotateLogs(effect, { [`a${i}`]: i }),
          Effect.andThen(Effect.logInfo("one"), Effect.logInfo("two"))
        )
      )
      assert.deepStrictEqual(records.map(({ annotations }) => keysOf(annotations)), [101, 101])
    }))
})

describe("F84: annotations that the program changes in place", () => {
  it.effect("are shown as they are in each call", () =>
    Effect.gen(function*() {
      const annotations: Record<string, unknown> = {}
      const changes: ReadonlyArray<() => void> = [
        () => {},
        () => {
          annotations["user"] = "a"
        },
        () => {
          annotations["user"] = "b"
        },
        () => {
          annotations["n"] = 1
        },
        () => {
          delete annotations["user"]
        },
        () => {
          annotations["m"] = annotations["n"]
          delete annotations["n"]
        }
      ]
      const program = Effect.forEach(changes, (change) =>
        Effect.gen(function*() {
          yield* Effect.logWarning("before")
          yield* Effect.logInfo("before")
          change()
          yield* Effect.logInfo("after")
          yield* Effect.logWarning("after")
        }))
      const records = yield* recordsOf(Effect.provideService(program, References.CurrentLogAnnotations, annotations))
      const after = records.filter(({ message }) => message === "after").map(({ annotations }) => plain(annotations))
      const expected = [{}, { user: "a" }, { user: "b" }, { user: "b", n: 1 }, { n: 1 }, { m: 1 }]
      assert.deepStrictEqual(after, expected.flatMap((each) => [each, each]))
    }))
})
