import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { LogRedactor } from "../../src/index.ts"
import { root } from "./programs.ts"

layer(NodeServices.layer, { excludeTestServices: true })("docs/redaction.md", (it) => {
  describe("what is redacted", () => {
    it.effect("F92: names every word of every list, and no other", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const path = yield* Path.Path
        const text = yield* fs.readFileString(path.join(yield* root, "docs", "redaction.md"))
        const [, section = ""] = text.split("## What is redacted\n")
        const bullets = section.split("\n\n## ")[0]!.matchAll(
          /^- `(\w+)` (?:.|\n(?!- |\n))*:\s+((?:.|\n(?!- |\n))*)\.$/gm
        )
        const documented = [...bullets].map(([, name, list = ""]) => [name, list.split(/,\s+/).map(oneLine)] as const)
        assert.deepStrictEqual(Object.fromEntries(documented), { ...LogRedactor.defaults })
      }))
  })
})

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ")
