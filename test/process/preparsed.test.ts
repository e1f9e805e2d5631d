import { assert, describe, it } from "@effect/vitest"
import { preparsed } from "../../scratchpad/package/preparsed.ts"

describe("what the package makes of an arrow function", () => {
  it.each([
    ["that gives a value", `var f = (a) => a + 1;`, `var f = function(a) { return a + 1 };`],
    ["that gives an object", `var f = (a) => ({ a });`, `var f = function(a) { return ({ a }) };`],
    ["that has a body", `var f = () => {\n  g();\n};`, `var f = function() {\n  g();\n};`],
    ["that is asynchronous", `var f = async (a) => a;`, `var f = async function(a) { return a };`],
    ["of one name", `var f = a => a;`, `var f = function(a) { return a };`],
    ["with another in it", `var f = (a = () => 1) => () => a;`, `var f = function(a = () => 1) { return () => a };`],
    ["in a table", `var t = { f: (a) => a };`, `var t = { f: function(a) { return a } };`],
    ["that is handed on", `var f = g(2, (a) => a);`, `var f = g(2, function(a) { return a });`]
  ])("%s", (_, code, made) => {
    assert.strictEqual(preparsed(code), made)
  })

  it.each([
    ["in a function", `var f = function(a) { return () => a };`],
    ["in a class, which has a `this`", `var C = class { f = () => this; static g = () => this };`]
  ])("%s: nothing", (_, code) => {
    assert.strictEqual(preparsed(code), code)
  })
})
