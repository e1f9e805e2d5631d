import { assert, describe, it } from "@effect/vitest"
import { requestTargetOf } from "../../src/access/requestTarget.ts"

describe("a request target", () => {
  const rows: ReadonlyArray<readonly [target: string, path: string, query: string | undefined]> = [
    ["/", "/", undefined],
    ["/orders/7?page=2", "/orders/7", "page=2"],
    ["/orders?", "/orders", ""],
    ["/login?user=a&password=hunter2&x=1", "/login", "user=a&password=redacted&x=1"],
    ["/cb?code=s3cr3t&state=ok", "/cb", "code=redacted&state=ok"],
    ["/cb?access%5Ftoken=s3cr3t", "/cb", "access%5Ftoken=redacted"],
    ["/a#b?token=s3cr3t", "/a", undefined],
    ["/a?b=1#token=s3cr3t", "/a", "b=1"],
    ["//twice/slashed?a=1", "//twice/slashed", "a=1"],
    ["http://user:s3cr3t@host:80/p?a=1", "/p", "a=1"],
    ["https://host", "/", undefined],
    ["https://host?a=1", "/", "a=1"],
    ["*", "*", undefined],
    ["host:443", "host:443", undefined],
    ["", "", undefined],
    ["/%zz?%zz=1", "/%zz", "%zz=1"]
  ]
  for (const [target, path, query] of rows) {
    it(`${target} has the path ${path}${query === undefined ? "" : ` and the query ${query}`}`, () => {
      assert.deepStrictEqual(requestTargetOf(target, true), { path, query })
      assert.deepStrictEqual(requestTargetOf(target), { path, query: undefined })
    })
  }
})
