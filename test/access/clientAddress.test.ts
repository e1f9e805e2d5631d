import { assert, describe, it } from "@effect/vitest"
import { clientAddressBy, type TrustedProxies, trustedProxies } from "../../src/access/clientAddress.ts"

const found = (trusted: TrustedProxies | undefined, peer: string | undefined, forwarded?: string) =>
  clientAddressBy(trusted)(peer, (name) => name === "x-forwarded-for" ? forwarded : undefined)

describe("of the client", () => {
  const rows: ReadonlyArray<
    readonly [
      what: string,
      trusted: TrustedProxies,
      peer: string | undefined,
      forwarded: string | undefined,
      string | undefined
    ]
  > = [
    ["is the socket's where nobody is trusted", 0, "203.0.113.9", "1.1.1.1", "203.0.113.9"],
    ["is IPv4 on a socket of both kinds", 0, "::ffff:203.0.113.9", undefined, "203.0.113.9"],
    ["is not there on a Unix socket", 0, undefined, "1.1.1.1", undefined],
    ["is the last of the header behind one proxy", 1, "10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"],
    ["is the one before behind two", 2, "10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"],
    ["is the first where there are fewer than said", 3, "10.0.0.1", "198.51.100.7", "198.51.100.7"],
    ["is the socket's without a header", 1, "10.0.0.1", undefined, "10.0.0.1"],
    [
      "is found through trusted ranges only",
      ["10.0.0.0/8"],
      "10.9.9.9",
      "6.6.6.6, 198.51.100.7, 10.0.0.2",
      "198.51.100.7"
    ],
    ["is the socket's when that is not trusted", ["10.0.0.0/8"], "203.0.113.9", "6.6.6.6", "203.0.113.9"],
    ["is found through an IPv4 proxy shown as IPv6", ["loopback"], "::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"],
    ["is found on a Unix socket by who trusts the machine", ["loopback"], undefined, "198.51.100.7", "198.51.100.7"],
    ["is found through private ranges", ["private"], "fd00::1", "198.51.100.7, 192.168.3.4", "198.51.100.7"],
    ["has no port", 1, "10.0.0.1", "198.51.100.7:5555", "198.51.100.7"],
    ["has no brackets", 1, "10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"],
    ["is IPv6 where it is", 1, "10.0.0.1", "2001:db8::1", "2001:db8::1"],
    ["ends at what is no address", 2, "10.0.0.1", "198.51.100.7, unknown", "10.0.0.1"],
    ["ends at nonsense", ["private"], "10.0.0.1", "'; drop table, 10.0.0.2", "10.0.0.2"],
    ["ends at an empty part", ["private"], "10.0.0.1", "1.1.1.1,,10.0.0.2", "10.0.0.2"],
    ["of an empty header is the socket's", ["private"], "10.0.0.1", "", "10.0.0.1"]
  ]
  for (const [what, trusted, peer, forwarded, expected] of rows) {
    it(`the address ${what}`, () => {
      assert.strictEqual(found(trusted, peer, forwarded), expected)
    })
  }

  it("is looked for in a bounded number of steps", () => {
    assert.strictEqual(
      found(["private"], "10.0.0.1", Array.from({ length: 9999 }, () => "10.0.0.2").join()),
      "10.0.0.2"
    )
  })
})

describe("trusted proxies", () => {
  for (const value of [0, 1, 32, [], ["10.0.0.1"], ["10.0.0.0/8", "fd00::/8", "loopback", "private", "::1"]]) {
    it(`may be ${JSON.stringify(value)}`, () => {
      assert.deepStrictEqual(trustedProxies.read(value), { value })
    })
  }

  for (const value of [-1, 33, 1.5, "private", true]) {
    it(`may not be ${JSON.stringify(value)}`, () => {
      assert.isUndefined(trustedProxies.read(value))
    })
  }

  for (
    const item of ["", "privat", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "::1/129", "10.0.0", 7, "constructor"]
  ) {
    it(`may not have ${JSON.stringify(item)} among them`, () => {
      const reading = trustedProxies.read(["10.0.0.1", item])
      assert.isTrue(reading !== undefined && "problems" in reading)
      assert.isTrue(reading !== undefined && "problems" in reading && reading.problems[0]?.at === "[1]")
    })
  }
})
