import { afterEach, assert, describe, it, vi } from "@effect/vitest"
import { colorsAsked } from "../../src/node/colorsAsked.ts"

const asked = (env: Readonly<Record<string, string>>): boolean | undefined => {
  for (const name of ["FORCE_COLOR", "NO_COLOR", "NODE_DISABLE_COLORS", "TERM"]) vi.stubEnv(name, env[name])
  return colorsAsked()
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe("F93: colours follow the environment in Node's order", () => {
  it.each<[env: Readonly<Record<string, string>>, expected: boolean | undefined]>([
    [{}, undefined],
    [{ TERM: "xterm-256color" }, undefined],
    [{ TERM: "dumb" }, false],
    [{ NO_COLOR: "1" }, false],
    [{ NO_COLOR: "" }, undefined],
    [{ NODE_DISABLE_COLORS: "1" }, false],
    [{ NODE_DISABLE_COLORS: "" }, undefined],
    [{ FORCE_COLOR: "1", NO_COLOR: "1", NODE_DISABLE_COLORS: "1", TERM: "dumb" }, true],
    [{ FORCE_COLOR: "", TERM: "dumb" }, true],
    [{ FORCE_COLOR: "0" }, false],
    [{ FORCE_COLOR: "false", TERM: "xterm" }, false]
  ])("%j", (env, expected) => {
    assert.strictEqual(asked(env), expected)
  })
})
