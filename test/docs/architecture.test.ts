import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import {
  circles,
  floorsIn,
  importsBetweenSinks,
  importsOfNode,
  type Sources,
  sourcesOf,
  upwardImports
} from "./structure.ts"

const page = readFileSync("docs/architecture.md", "utf8")
const floors = floorsIn(page)
const sources = sourcesOf("src")

/** The sources with an import more. */
const planted = (path: string, line: string): Sources => {
  const text = sources.get(path)
  assert.isDefined(text, `${path} is a file to plant an import in`)
  return new Map(sources).set(path, `${line}\n${text}`)
}

describe("the floors of docs/architecture.md", () => {
  it("name every room and every public module of the sources, and nothing else", () => {
    const rooms = new Set(Array.from(sources.keys(), (path) => path.split("/")[0]!.replace(/\.ts$/, "")))
    assert.deepStrictEqual([...floors.keys()].toSorted(), [...rooms].toSorted())
  })

  it("are kept by every import", () => {
    assert.deepStrictEqual(upwardImports(sources, floors), [])
  })

  for (
    const [path, line, fault] of [
      ["record/level.ts", `import "../Logging.ts"`, "record/level.ts imports Logging.ts"],
      [
        "lane/WakeUp.ts",
        `import type { Capture } from "../capture/Capture.ts"`,
        "lane/WakeUp.ts imports capture/Capture.ts"
      ],
      ["spool/SpoolStore.ts", `export * from "../sinks/FileSink.ts"`, "spool/SpoolStore.ts imports sinks/FileSink.ts"],
      ["encode/causeText.ts", `const late = import("../LogSink.ts")`, "encode/causeText.ts imports LogSink.ts"]
    ] as const
  ) {
    it(`are seen to be left by: ${line}`, () => {
      assert.deepStrictEqual(upwardImports(planted(path, line), floors), [fault])
    })
  }

  it("have no room for a file that is on none of them", () => {
    assert.deepStrictEqual(upwardImports(new Map(sources).set("corridor/thing.ts", ""), floors), [
      "corridor/thing.ts is on no floor"
    ])
  })
})

describe("circles of imports", () => {
  it("are nowhere, types included", () => {
    assert.deepStrictEqual(circles(sources), [])
  })

  it("are seen, of two files and of more", () => {
    const two = new Map([["a.ts", `import { b } from "./b.ts"`], ["b.ts", `import type { A } from "./a.ts"`]])
    assert.deepStrictEqual(circles(two), ["a.ts → b.ts → a.ts"])
    const [found] = circles(planted("record/plainData.ts", `import type { LogRecord } from "../LogRecord.ts"`))
    assert.match(String(found), /LogRecord\.ts → .*record\/plainData\.ts|record\/plainData\.ts → .*LogRecord\.ts/)
  })
})

describe("what is kept apart besides", () => {
  it("is one sink from another", () => {
    assert.deepStrictEqual(importsBetweenSinks(sources), [])
    assert.deepStrictEqual(importsBetweenSinks(planted("sinks/MemorySink.ts", `import "./FileSink.ts"`)), [
      "sinks/MemorySink.ts imports sinks/FileSink.ts"
    ])
    assert.deepStrictEqual(importsBetweenSinks(planted("sinks/ConsoleSink.ts", `import "./file/AppendFile.ts"`)), [
      "sinks/ConsoleSink.ts imports sinks/file/AppendFile.ts"
    ])
  })

  it("is what needs Node from what does not", () => {
    const rooms = ["node", "spool", "cli"]
    assert.deepStrictEqual(importsOfNode(sources, rooms), [])
    assert.deepStrictEqual(importsOfNode(planted("lane/Flushes.ts", `import { hostname } from "node:os"`), rooms), [
      "lane/Flushes.ts imports node:os"
    ])
  })
})
