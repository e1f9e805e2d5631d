import { join } from "node:path"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** The files that start programs. A program takes a core for the first half second, and some are late on a busy one. */
const starting = [
  "**/{cli,guards,process}/**/*.test.ts",
  "**/docs/{accessLog,elasticsearch,examples,frameworks,http,loki,migrating,operations,otlp,pages,sourceExamples,vendors}.test.ts",
  "**/sinks/clickhouse/engine.test.ts",
  "**/spool/{owners,unseenOwners}.test.ts"
]

/** The test of the model takes as long as a quarter of the others of its project: begun late, it ends alone. */
class ModelFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    const { first = [], later = [] } = Object.groupBy(
      // oxlint-disable-next-line unicorn/no-array-sort -- it is no array's, and changes none
      await super.sort(files),
      ({ moduleId }) => moduleId.includes("/model/lane.") ? "first" : "later"
    )
    return [...first, ...later]
  }
}

export default defineConfig({
  test: {
    dir: "test",
    // Programs are spawned and disks are written, on machines that may be busy: what takes as long as this hangs.
    testTimeout: 30_000,
    // No test leaves anything behind in its process, and starting one for each file takes a quarter of the time.
    isolate: false,
    sequence: { sequencer: ModelFirst },
    // Each spawned program loads the same modules, a quarter of its time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules", ".cache", "compiled") },
    projects: [
      // Each core has a worker. Vitest would keep one core for itself, which has nothing to do meanwhile.
      {
        extends: true,
        test: { name: "inside", exclude: starting, maxWorkers: "100%", sequence: { groupOrder: 0 } }
      },
      // A file has several programs at a time, so that one of two cores is a worker's.
      {
        extends: true,
        test: {
          name: "started",
          include: starting,
          globalSetup: "test/support/bundle.ts",
          maxWorkers: "50%",
          sequence: { groupOrder: 1 }
        }
      }
    ]
  }
})
