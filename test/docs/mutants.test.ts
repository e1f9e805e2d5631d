import { assert, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { mutants } from "../../scratchpad/mutants/list.ts"

it.each(mutants)("the fault \"$name\" still has its place in the code, once", ({ file, find }) => {
  assert.strictEqual(readFileSync(file, "utf8").split(find).length - 1, 1)
})
