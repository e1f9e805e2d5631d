import { join } from "node:path"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    dir: "test",
    // Programs are spawned and disks are written, on machines that may be busy: what takes as long as this hangs.
    testTimeout: 30_000,
    // No test leaves anything behind in its process, and starting one for each file takes a quarter of the time.
    isolate: false,
    // Each spawned program loads the same modules, a quarter of its time.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules", ".cache", "compiled") }
  }
})
