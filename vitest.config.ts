import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    dir: "test",
    // Programs are spawned and disks are written, on machines that may be busy: what takes as long as this hangs.
    testTimeout: 30_000
  }
})
