import { assert, describe, it } from "@effect/vitest"
import { Levelled } from "../../src/capture/Levelled.ts"
import { LogLevels } from "../../src/index.ts"

/** Levels of which it is counted how often a scope's level is looked for. */
const watchedLevels = () => {
  const levels = LogLevels.parse("Info,http.*=Warn,billing=Debug")
  const asked: Array<string> = []
  const scopes = new Proxy({ ...levels.scopes }, {
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === "string" && !key.endsWith(".*")) asked.push(key)
      return Reflect.getOwnPropertyDescriptor(target, key)
    }
  })
  return { asked, levels: { ...levels, scopes } }
}

describe("the levels of scopes", () => {
  it("are looked for once for each name, and what is remembered has a bound", () => {
    const { asked, levels } = watchedLevels()
    const levelled = new Levelled({ inlets: [], taps: [] }, levels, 0)
    asked.length = 0
    for (let i = 0; i < 3; i++) assert.strictEqual(levelled.of("billing").gate, 1)
    assert.deepStrictEqual(asked, ["billing"])

    const names = Array.from({ length: 1023 }, (_, i) => `http.${i}`)
    for (const name of [...names, ...names]) assert.strictEqual(levelled.of(name).gate, 3)
    levelled.of("billing")
    assert.strictEqual(asked.length, 1024)
    levelled.of("one more")
    assert.strictEqual(levelled.of("billing").gate, 1)
    assert.strictEqual(asked.length, 1026)
    assert.strictEqual(levelled.of("one more").gate, 2)
    assert.strictEqual(asked.length, 1026)
  })

  it("are looked for each time where the name is long", () => {
    const { asked, levels } = watchedLevels()
    const levelled = new Levelled({ inlets: [], taps: [] }, levels, 0)
    const long = `http.${"x".repeat(1000)}`
    asked.length = 0
    for (let i = 0; i < 3; i++) assert.strictEqual(levelled.of(long).gate, 3)
    assert.strictEqual(asked.length, 3)
  })

  it("are not looked for where none is set", () => {
    const levelled = new Levelled({ inlets: [], taps: [] }, LogLevels.make(), 0)
    assert.isFalse(levelled.hasScopes)
    assert.strictEqual(levelled.of("billing"), levelled.unscoped)
  })
})
