import { assert, describe, it } from "@effect/vitest"
import * as vm from "node:vm"
import { plainSnapshot } from "../support/capture.ts"
import { secret } from "../support/hostile.ts"

const form = (): FormData => {
  const form = new FormData()
  form.append("user", "Ada")
  form.append("password", secret)
  form.append("photo", new File(["abc"], "a.png", { type: "image/png" }))
  form.append("user", "Bob")
  return form
}

/** What a library has in the place of the platform's own class, in the form of those in use. */
class OtherHeaders {
  readonly map = { authorization: secret, accept: "*/*" }
  get [Symbol.toStringTag](): string {
    return "Headers"
  }
  *entries(): Generator<[string, string]> {
    yield* Object.entries(this.map)
  }
}

class EndlessHeaders extends OtherHeaders {
  override *entries(): Generator<[string, string]> {
    for (let i = 0;; i++) yield [`name-${i}`, "value"]
  }
}

/** A date of `Temporal`, for versions of Node without. */
class PlainDate {
  get [Symbol.toStringTag](): string {
    return "Temporal.PlainDate"
  }
  toJSON(): string {
    return "2026-02-03"
  }
}

const generator = function*(): Generator {
  yield assert.fail("it was advanced")
}

describe("F89: values of the web", () => {
  it.each<[name: string, value: unknown, shown: unknown]>([
    [
      "Headers",
      new Headers({ Authorization: secret, "Set-Cookie": secret, Accept: "*/*" }),
      { accept: "*/*", authorization: "<redacted>", "set-cookie": "<redacted>" }
    ],
    [
      "Request",
      new Request(`http://host/path?token=${secret}`, { method: "POST", headers: { cookie: secret }, body: secret }),
      {
        _id: "Request",
        method: "POST",
        url: "http://host/path?token=redacted",
        headers: { "content-type": "text/plain;charset=UTF-8", cookie: "<redacted>" }
      }
    ],
    [
      "Response",
      new Response(secret, { status: 404, statusText: "Not Found", headers: { "x-token": secret } }),
      {
        _id: "Response",
        status: 404,
        statusText: "Not Found",
        headers: { "content-type": "text/plain;charset=UTF-8", "x-token": "<redacted>" }
      }
    ],
    [
      "URLSearchParams",
      new URLSearchParams(`a=1&token=${secret}&code=${secret}&a=2`),
      { a: "1", token: "<redacted>", code: "<redacted>", "a #4": "2" }
    ],
    [
      "FormData",
      form(),
      { user: "Ada", password: "<redacted>", photo: "[File a.png(3 bytes, image/png)]", "user #4": "Bob" }
    ],
    ["Blob", new Blob([secret], { type: "text/plain" }), `[Blob(${secret.length} bytes, text/plain)]`],
    ["File", new File([secret], "a.txt"), `[File a.txt(${secret.length} bytes)]`],
    ["URL", new URL(`http://user:${secret}@host/?token=${secret}&a=1`), "http://redacted@host/?token=redacted&a=1"],
    [
      "a parsed URL",
      Object.assign(Object.create({ resolveObject: (): void => {} }), {
        auth: secret,
        href: `http://user:${secret}@host/?token=${secret}`
      }),
      "http://redacted@host/?token=redacted"
    ],
    ["ReadableStream", new ReadableStream(), "[ReadableStream]"],
    ["WritableStream", new WritableStream(), "[WritableStream]"],
    ["TransformStream", new TransformStream(), "[TransformStream]"],
    ["TextEncoder", new TextEncoder(), "[TextEncoder]"],
    ["Event", new Event("open"), { _id: "Event", type: "open" }],
    ["CustomEvent", new CustomEvent("done", { detail: { password: secret, n: 1 } }), {
      _id: "CustomEvent",
      type: "done",
      detail: { password: "<redacted>", n: 1 }
    }],
    ["AbortSignal", AbortSignal.abort("why"), { _id: "AbortSignal", aborted: true, reason: "why" }],
    ["an AbortSignal that waits", new AbortController().signal, { _id: "AbortSignal", aborted: false }],
    ["Intl", new Intl.NumberFormat("en"), "[Intl.NumberFormat]"],
    ["a generator", generator(), "[Generator]"],
    ["an iterator", [secret].values(), "[Array Iterator]"],
    ["a WebAssembly object", new WebAssembly.Memory({ initial: 1 }), "[WebAssembly.Memory]"],
    ["a date of Temporal", new PlainDate(), "2026-02-03"],
    ["a structured clone", structuredClone(new Map([["token", secret], ["a", "1"]])), { token: "<redacted>", a: "1" }],
    ["a class of another realm", vm.runInNewContext(`new (class A { token = "${secret}"; a = 1 })()`), {
      token: "<redacted>",
      a: 1
    }],
    ["headers of a library", new OtherHeaders(), { authorization: "<redacted>", accept: "*/*" }]
  ])("%s", (_, value, shown) => {
    assert.deepStrictEqual(plainSnapshot(value), shown)
    assert.deepStrictEqual(plainSnapshot({ list: [value] }), { list: [shown] })
  })

  it("a DOMException shows name, message and code", () => {
    assert.deepInclude(plainSnapshot(new DOMException("gone", "AbortError")), {
      name: "AbortError",
      message: "gone",
      code: 20
    })
  })

  it("are bounded like every other value", () => {
    const params = new URLSearchParams(Array.from({ length: 10 }, (_, i) => [`p${i}`, "v"]))
    assert.deepStrictEqual(plainSnapshot(params, { keys: 1 }), { p0: "v", "…": "[9 more keys]" })
    assert.deepStrictEqual(plainSnapshot(form(), { keys: 1 }), { user: "Ada", "…": "[more keys]" })
    assert.deepStrictEqual(plainSnapshot(new EndlessHeaders(), { keys: 1 }), { "name-0": "value", "…": "[more keys]" })
  })

  it("a module is shown by its kind", async () => {
    assert.strictEqual(plainSnapshot(await import("../support/hostile.ts")), "[Module]")
  })
})
