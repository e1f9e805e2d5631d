/**
 * V8's allocation sampling and CPU profiler, over the measured part of a run
 * only. Both slow the program down, so they run in rounds that are not timed.
 */
import { writeFileSync } from "node:fs"
import * as inspector from "node:inspector/promises"

const samplingInterval = 8192
const profileMicros = 200

export interface Instrument {
  /** Gives the bytes allocated on the JavaScript heap, when they were asked for. */
  readonly stop: () => Promise<number | undefined>
}

const off: Instrument = { stop: () => Promise.resolve(undefined) }

export const startInstrument = (): Promise<Instrument> => {
  const file = process.env["BENCH_PROFILE"]
  if (file !== undefined) return startProfile(file)
  return process.env["BENCH_ALLOCATIONS"] === "1" ? startAllocations() : Promise.resolve(off)
}

const startAllocations = async (): Promise<Instrument> => {
  const session = new inspector.Session()
  session.connect()
  await session.post("HeapProfiler.startSampling", {
    samplingInterval,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true
  })
  return {
    async stop() {
      const { profile } = await session.post("HeapProfiler.stopSampling")
      session.disconnect()
      return sum(profile.head)
    }
  }
}

const startProfile = async (file: string): Promise<Instrument> => {
  const session = new inspector.Session()
  session.connect()
  await session.post("Profiler.enable")
  await session.post("Profiler.setSamplingInterval", { interval: profileMicros })
  await session.post("Profiler.start")
  return {
    async stop() {
      const { profile } = await session.post("Profiler.stop")
      session.disconnect()
      writeFileSync(file, JSON.stringify(profile))
      return undefined
    }
  }
}

const sum = (node: inspector.HeapProfiler.SamplingHeapProfileNode): number =>
  node.children.reduce((total, child) => total + sum(child), node.selfSize)
