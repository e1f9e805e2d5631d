import { assert, describe, it } from "@effect/vitest"
import { redactUrl, redactUrlsIn } from "../../../src/rules/redact/redactUrl.ts"

const isSensitive = (name: string): boolean => ["token", "user[password]"].includes(name)

describe("F92: what a URL gives away is hidden", () => {
  it.each<[text: string, expected: string]>([
    ["https://host/path?page=2#top", "https://host/path?page=2#top"],
    ["postgres://ada:pw@db:5432/app", "postgres://redacted@db:5432/app"],
    ["https://ghp_123@github.com/a/b", "https://redacted@github.com/a/b"],
    ["redis://:pw@cache", "redis://redacted@cache"],
    ["mongodb://u:p@a:1,b:2/db?w=1", "mongodb://redacted@a:1,b:2/db?w=1"],
    ["mongodb://a:1,b:2/db", "mongodb://a:1,b:2/db"],
    ["postgres://u:p@ss@host/db", "postgres://redacted@host/db"],
    ["postgres://u:p/s?s#@host/db", "postgres://redacted@host/db"],
    ["//u:p@host/x", "//redacted@host/x"],
    ["jdbc:mysql://u:p@host/x", "jdbc:mysql://redacted@host/x"],
    ["https://host:8080/@scope/name", "https://host:8080/@scope/name"],
    ["https://host/users/ada@example.org", "https://host/users/ada@example.org"],
    ["http://[::1]:80/a@b", "http://[::1]:80/a@b"],
    ["https://host?token=1", "https://host?token=redacted"],
    ["/login?a=1&token=1&b=2", "/login?a=1&token=redacted&b=2"],
    ["/login?a=1;token=1=2;b", "/login?a=1;token=redacted;b"],
    ["?token=1", "?token=redacted"],
    ["/cb#token=1&state=2", "/cb#token=redacted&state=2"],
    ["/app#/route?token=1", "/app#/route?token=redacted"],
    ["/a?%74oken=1&%zz=1", "/a?%74oken=redacted&%zz=1"],
    ["/a?user%5Bpassword%5D=1", "/a?user%5Bpassword%5D=redacted"],
    ["/a?token=&token", "/a?token=&token"],
    ["", ""],
    ["what?", "what?"],
    ["://", "://"]
  ])("%s", (text, expected) => {
    assert.strictEqual(redactUrl(text, isSensitive), expected)
    assert.strictEqual(redactUrl(expected, isSensitive), expected, "and only once")
  })

  it.each<[text: string, expected: string]>([
    ["nothing to see", "nothing to see"],
    ["GET /a?token=1 failed: is 'https://u:p@h/' up?", "GET /a?token=redacted failed: is 'https://redacted@h/' up?"],
    ["(https://u:p@h) <https://u:p@h>\nhttps://u:p@h", "(https://redacted@h) <https://redacted@h>\nhttps://redacted@h"],
    ["see file:///a/b.js?v=1:2:3 and mail@host", "see file:///a/b.js?v=1:2:3 and mail@host"]
  ])("in running text: %s", (text, expected) => {
    assert.strictEqual(redactUrlsIn(text, isSensitive), expected)
  })

  it("in linear time", () => {
    const size = 200_000
    for (const part of ["?", "&", "://", "?a=", "@", ":/", "%", "x ?"]) {
      const text = `https://h/?${part.repeat(size)}`
      const start = performance.now()
      redactUrl(text, isSensitive)
      redactUrlsIn(text, isSensitive)
      assert.isBelow(performance.now() - start, 2000, part)
    }
  })
})
