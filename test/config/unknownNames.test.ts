import { assert, describe, it } from "@effect/vitest"
import { levelsWithoutSink, unknownNames } from "../../src/config/unknownNames.ts"
import { LoggingConfig } from "../../src/index.ts"

const sinks = ["console", "file", "my-sink"]

describe("unknownNames", () => {
  it("says nothing of the variables of the table and of the levels of sinks", () => {
    const names = LoggingConfig.variables.map(({ name }) => name).filter((name) => !name.includes("<"))
    assert.isUndefined(unknownNames([...names, "LOGGING_LEVEL_FILE", "LOGGING_LEVEL_MY_SINK"], sinks))
  })

  for (
    const [name, said] of [
      ["LOGGING_QEUE_SIZE", "LOGGING_QEUE_SIZE (did you mean LOGGING_QUEUE_SIZE?)"],
      ["LOGGING_LEVLE", "LOGGING_LEVLE (did you mean LOGGING_LEVEL?)"],
      ["LOGGING_level", "LOGGING_level (did you mean LOGGING_LEVEL?)"],
      ["LOGGING_LEVEL_FIEL", "LOGGING_LEVEL_FIEL (did you mean LOGGING_LEVEL_FILE?)"],
      ["LOGGING_LEVLE_FILE", "LOGGING_LEVLE_FILE (did you mean LOGGING_LEVEL_FILE?)"],
      ["LOGGING_LEVEL_MYSINK", "LOGGING_LEVEL_MYSINK (did you mean LOGGING_LEVEL_MY_SINK?)"],
      ["LOGGING_SERVICE_HOST", "LOGGING_SERVICE_HOST"],
      ["LOGGING_PORT", "LOGGING_PORT"]
    ] as const
  ) {
    it(`says of ${name} what it may mean`, () => {
      assert.strictEqual(unknownNames(["LOGGING_LEVEL", name], sinks), `unknown variable in the environment: ${said}`)
    })
  }

  it("says nothing of the levels of sinks that are not there", () => {
    assert.isUndefined(unknownNames(["LOGGING_LEVEL_ORG_SPRINGFRAMEWORK"], sinks))
  })

  it("says ten names in one sentence, first those that are near one, and how many more there are", () => {
    const others = Array.from({ length: 11 }, (_, i) => `LOGGING_SERVICE_PORT_${8080 + i}_TCP_ADDR`)
    assert.strictEqual(
      unknownNames([...others, "LOGGING_FLIE"], sinks),
      `unknown variables in the environment: LOGGING_FLIE (did you mean LOGGING_FILE?), ${
        others.slice(0, 9).join(", ")
      }, 2 more`
    )
  })
})

describe("levelsWithoutSink", () => {
  for (
    const [names, of, said] of [
      [["LOGGING_LEVEL_FILE"], ["console"], `there is no sink named "file" for LOGGING_LEVEL_FILE, only "console"`],
      [["LOGGING_LEVEL_FILE"], [], `there is no sink named "file" for LOGGING_LEVEL_FILE, nor any other`],
      [
        ["LOGGING_LEVEL_ORG_SPRING", "LOGGING_LEVEL_CONSOLE", "LOGGING_LEVEL_AUDIT"],
        ["console", "my-sink"],
        `there are no sinks named "org_spring", "audit" for LOGGING_LEVEL_ORG_SPRING, LOGGING_LEVEL_AUDIT, ` +
        `only "console", "my-sink"`
      ]
    ] as const
  ) {
    it(`says which sinks there are (${names.join(", ")})`, () => assert.strictEqual(levelsWithoutSink(names, of), said))
  }

  it("says nothing of sinks that are there, nor of what is near another name", () => {
    const names = ["LOGGING_LEVEL", "LOGGING_LEVEL_FILE", "LOGGING_LEVEL_FIEL", "LOGGING_LEVLE_FILE", "LOGGING_LEVEL_"]
    assert.isUndefined(levelsWithoutSink(names, sinks))
  })
})
