/** Everything that can be measured. Loaded on demand, so that a process holds one logger only. */
import type { Without } from "./candidates/service.ts"
import type { Job } from "./job.ts"
import { networkJobs } from "./network/jobs.ts"

const service = () => import("./candidates/service.ts")
const pino = () => import("./candidates/pino.ts")

/** Those of workload W, for a service that has so much beside its lines. */
const serviceJobs = (kind: string, without: Without): Readonly<Record<string, () => Promise<Job>>> => ({
  [`silent${kind}`]: async () => (await service()).silentService(without),
  [`unheard${kind}`]: async () => (await service()).unheardService(without),
  [`serviceLeast${kind}`]: async () => (await service()).leastService("leastLogger", without),
  [`serviceBytes${kind}`]: async () => (await service()).leastService("leastBytes", without),
  [`service${kind}`]: async () => (await service()).spillwayService(without),
  [`serviceQuiet${kind}`]: async () => (await service()).spillwayService(without, { spanEvents: false }),
  [`servicePino${kind}`]: async () => (await service()).pinoService((await pino()).fastest, without),
  [`servicePino4096${kind}`]: async () => (await service()).pinoService((await pino()).largerBuffer, without)
})

const jobs: Readonly<Record<string, () => Promise<Job>>> = {
  floor: async () => (await import("./candidates/floor.ts")).default,
  spillway: async () => (await import("./candidates/spillway.ts")).default,
  direct: async () => (await import("./candidates/direct.ts")).default,
  effectFile: async () => (await import("./candidates/effectFile.ts")).default,
  pinoFastest: async () => {
    const { fastest, pinoJob } = await import("./candidates/pino.ts")
    return pinoJob(fastest)
  },
  pino4096: async () => {
    const { largerBuffer, pinoJob } = await import("./candidates/pino.ts")
    return pinoJob(largerBuffer)
  },
  pinoAsync: async () => {
    const { asynchronous, pinoJob } = await import("./candidates/pino.ts")
    return pinoJob(asynchronous)
  },
  pinoDefault: async () => {
    const { byDefault, pinoJob } = await import("./candidates/pino.ts")
    return pinoJob(byDefault)
  },
  logtape: async () => (await import("./candidates/logtape.ts")).logtapeJob("file"),
  logtapeNonBlocking: async () => (await import("./candidates/logtape.ts")).logtapeJob("nonBlocking"),
  logtapeStream: async () => (await import("./candidates/logtape.ts")).logtapeJob("stream"),
  winston: async () => (await import("./candidates/winston.ts")).default,
  ...serviceJobs("", {}),
  ...serviceJobs("Untraced", { tracer: false }),
  ...serviceJobs("Plain", { tracer: false, logSpans: false }),
  ...serviceJobs("Bare", { logSpans: false, annotations: false }),
  callerNoop: async () => (await import("./scenarios/caller.ts")).noop,
  callerOne: async () => (await import("./scenarios/caller.ts")).accepted(1),
  callerThree: async () => (await import("./scenarios/caller.ts")).accepted(3),
  callerFull: async () => (await import("./scenarios/caller.ts")).full,
  callerDirect: async () => (await import("./scenarios/directCaller.ts")).direct,
  callerPino: async () => (await import("./scenarios/directCaller.ts")).pinoFastest,
  importPino: async () => (await import("./scenarios/startup.ts")).startup("pino"),
  importIndex: async () => (await import("./scenarios/startup.ts")).startup("index"),
  importModules: async () => (await import("./scenarios/startup.ts")).startup("modules"),
  importPinoCached: async () => (await import("./scenarios/startup.ts")).startup("pino", true),
  importIndexCached: async () => (await import("./scenarios/startup.ts")).startup("index", true),
  importModulesCached: async () => (await import("./scenarios/startup.ts")).startup("modules", true),
  importPinoAll: async () => (await import("./scenarios/startup.ts")).startup("pino", false, "all"),
  importIndexAll: async () => (await import("./scenarios/startup.ts")).startup("index", false, "all"),
  memory: async () => (await import("./scenarios/memory.ts")).default,
  paced: async () => (await import("./scenarios/pacedService.ts")).spillway({}),
  pacedQuiet: async () => (await import("./scenarios/pacedService.ts")).spillway({ spanEvents: false }),
  pacedPino: async () => (await import("./scenarios/pacedService.ts")).pinoFastest,
  pacedSilent: async () => (await import("./scenarios/pacedService.ts")).silent,
  loopDelay: async () => (await import("./scenarios/loopDelay.ts")).spillway,
  loopDelayPino: async () => (await import("./scenarios/loopDelay.ts")).pinoFastest,
  oneFiber: async () => (await import("./scenarios/fibers.ts")).oneFiber,
  manyFibers: async () => (await import("./scenarios/fibers.ts")).manyFibers,
  oneFiberNoop: async () => (await import("./scenarios/fibers.ts")).oneFiberNoop,
  manyFibersNoop: async () => (await import("./scenarios/fibers.ts")).manyFibersNoop,
  busyFibers1000: async () => (await import("./scenarios/busyFibers.ts")).busyFibers(1000),
  busyFibers2000: async () => (await import("./scenarios/busyFibers.ts")).busyFibers(2000),
  busyFibers10000: async () => (await import("./scenarios/busyFibers.ts")).busyFibers(10_000),
  busyFibersSpooled: async () => (await import("./scenarios/busyFibers.ts")).busyFibers(2000, "always"),
  twoSpillway: async () => (await import("./scenarios/twoProcesses.ts")).twoProcesses("spillway"),
  twoPino: async () => (await import("./scenarios/twoProcesses.ts")).twoProcesses("pinoFastest"),
  twoFloor: async () => (await import("./scenarios/twoProcesses.ts")).twoProcesses("floor"),
  healthy: async () => (await import("./scenarios/retryStorm.ts")).healthy,
  retryStorm: async () => (await import("./scenarios/retryStorm.ts")).stormy,
  spoolNone: async () => (await import("./scenarios/spool.ts")).spooled("none"),
  spoolOverflow: async () => (await import("./scenarios/spool.ts")).spooled("overflow"),
  spoolAlways: async () => (await import("./scenarios/spool.ts")).spooled("always"),
  oddAscii: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("ascii"),
  oddUmlauts: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("umlauts"),
  oddCjk: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("cjk"),
  oddQuotes: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("quotes"),
  oddLineBreaks: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("lineBreaks"),
  oddJson: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("json"),
  oddText31k: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("text31k"),
  oddText33k: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("text33k"),
  oddText1m: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("text1m"),
  oddCjk31k: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("cjk31k"),
  oddKnownKeys: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("knownKeys"),
  oddNewKeys: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("newKeys"),
  oddKeys64: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("keys64"),
  oddKeys65: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("keys65"),
  oddKeys100: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("keys100"),
  oddKeys101: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("keys101"),
  oddKeys1000: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("keys1000"),
  oddItems100: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("items100"),
  oddItems101: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("items101"),
  oddDepth8: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("depth8"),
  oddDepth9: async () => (await import("./scenarios/oddRecords.ts")).oddRecord("depth9"),
  ...networkJobs
}

export const loadJob = (id: string): Promise<Job> => {
  const load = jobs[id]
  if (load === undefined) throw new Error(`there is no job "${id}"; there are: ${Object.keys(jobs).join(", ")}`)
  return load()
}
