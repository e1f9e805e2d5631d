import type { Event } from "./events.ts"
import type { FoundFrame } from "./frames.ts"
import { demand, type DiskState, type Frame, type State } from "./state.ts"

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/** How long the notes of a spool, and with `interval` its records, may wait to be on the disk. */
const maintenanceMillis = 500

const text = (seqs: ReadonlyArray<number>): string => `[${seqs.join(", ")}]`

export const waitingSeqs = (disk: DiskState): ReadonlyArray<number> =>
  disk.frames.flatMap(({ position, seqs }) => position >= disk.expected ? seqs : [])

/** Everything before this position is settled. */
const frontierOf = (disk: DiskState): number => {
  const first = disk.out.find(({ acknowledged }) => !acknowledged)
  return first === undefined ? disk.expected : first.from + first.head
}

const passes = (disk: DiskState, at: number): DiskState => {
  const position = frontierOf(disk)
  const out = disk.out.filter(({ to }) => to > position)
  return { ...disk, out, frontiers: [...disk.frontiers, { at, position }] }
}

/** Goes over the records that are not there any more: none of them may be in a batch that is. */
const skip = (disk: DiskState, count: number, why: string): DiskState => {
  const expected = disk.expected + count
  demand(expected <= disk.next, () => `${count} records ${why}, more than there are on disk`)
  const torn = disk.frames.find(({ position, seqs }) => position < expected && position + seqs.length > expected)
  demand(torn === undefined, () => `${count} records ${why}, in the middle of ${text(torn?.seqs ?? [])}`)
  return { ...disk, expected }
}

/** Older batches make room for new ones: the oldest that nobody has read. */
export const makeRoom = (disk: DiskState, { at, dropped, freed }: Of<"Appended">): DiskState => {
  if (!freed && dropped === 0) return disk
  const out = disk.out.map((each) => ({ ...each, mayBeGone: true }))
  return passes({ ...skip(disk, dropped, "made room"), out, mayHaveGaps: true }, at)
}

export const append = (
  disk: DiskState,
  fsync: State["rules"]["fsync"],
  { at, maybeSent, seqs }: Of<"Appended">
): DiskState => {
  const safeAt = { never: Number.POSITIVE_INFINITY, interval: at + maintenanceMillis, always: at }[fsync]
  return {
    ...disk,
    frames: [...disk.frames, { position: disk.next, seqs, maybeSent, safeAt }],
    next: disk.next + seqs.length
  }
}

/** Whether the batch that is read next may have arrived already. */
export const isNextMaybeSent = (disk: DiskState, lost: number): boolean =>
  disk.frames.find(({ position }) => position === disk.expected + lost)?.maybeSent === true

/** Hands out a batch: the oldest there is, and none that is there is left out. */
export const handOut = (disk: DiskState, { lost, seqs, token }: Of<"Handed">): DiskState => {
  demand(lost === 0 || disk.mayHaveGaps, () => `${lost} records are lost on a disk that was never cut off`)
  const skipped = disk.frames.find(({ position }) => position >= disk.expected && position < disk.expected + lost)
  demand(skipped === undefined, () => `${text(skipped?.seqs ?? [])} is called lost, and is on disk`)
  const after = skip(disk, lost, "are lost")
  if (seqs.length === 0) return after
  const frame = after.frames.find(({ position }) => position === after.expected)
  demand(
    frame !== undefined && text(frame.seqs) === text(seqs),
    () => `${text(seqs)} is read where ${text(frame?.seqs ?? [])} must be`
  )
  const to = after.expected + seqs.length
  return {
    ...after,
    expected: to,
    out: [...after.out, { token, from: after.expected, to, acknowledged: false, head: 0, mayBeGone: false }]
  }
}

/** The records of a batch that was handed out, until it is settled. */
export const handedOut = ({ frames, out }: DiskState, token: number): ReadonlyArray<number> => {
  const handed = out.find((each) => each.token === token)
  return frames.find(({ position }) => position === handed?.from)?.seqs ?? []
}

export const acknowledge = (disk: DiskState, { at, token }: Of<"Acknowledged">): DiskState => {
  const out = disk.out.map((each) => each.token === token ? { ...each, acknowledged: true } : each)
  return passes({ ...disk, out }, at)
}

export const acknowledgeHead = (disk: DiskState, { at, count, token }: Of<"HeadAcknowledged">): DiskState => {
  const out = disk.out.map((each) => {
    if (each.token !== token) return each
    demand(count < each.to - each.from, () => `the head of ${count} records is all of a batch`)
    return { ...each, head: Math.max(each.head, count) }
  })
  return passes({ ...disk, out }, at)
}

/** The batches that a next process must find, without the head that is settled. */
const owed = (disk: DiskState): ReadonlyArray<{ readonly frame: Frame; readonly mayBeGone: boolean }> =>
  disk.frames.flatMap((frame) => {
    if (frame.position >= disk.expected) return [{ frame, mayBeGone: false }]
    const handed = disk.out.find(({ from }) => from === frame.position)
    if (handed === undefined || handed.acknowledged) return []
    return [{ frame: without(frame, handed.head), mayBeGone: handed.mayBeGone }]
  })

const without = <A extends FoundFrame>(frame: A, head: number): A => ({
  ...frame,
  position: frame.position + head,
  seqs: frame.seqs.slice(head)
})

/** Whether a batch is there, be it with records in front that are settled. */
const same = ({ maybeSent, seqs }: Frame, found: FoundFrame): boolean => {
  const head = found.seqs.length - seqs.length
  return maybeSent === found.maybeSent && head >= 0 && seqs.every((seq, i) => seq === found.seqs[head + i])
}

/** The process is gone: what was on disk must be there, save for what its end may take. */
export const leave = (disk: DiskState, { at, found, how }: Of<"Gone">): DiskState => {
  const frames = owed(disk).flatMap(({ frame, mayBeGone }) => {
    if (found.some((each) => same(frame, each))) {
      const isSafe = how === "powerless" || (how === "killed" ? frame.safeAt <= at : Number.isFinite(frame.safeAt))
      return [{ ...frame, safeAt: isSafe ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY }]
    }
    const mayBeMissing = how === "powerless" ? mayBeGone || frame.safeAt > at : mayBeGone && how === "killed"
    demand(mayBeMissing, () => `${text(frame.seqs)} was on disk and is missing after its process was ${how}`)
    return []
  })
  const noted = disk.frontiers.findLast((each) => each.at + maintenanceMillis <= at)?.position ?? disk.floor
  const floor = { closed: frontierOf(disk), killed: noted, powerless: Number.NEGATIVE_INFINITY }[how]
  return { ...disk, frames, out: [], frontiers: [], floor, mayHaveGaps: disk.mayHaveGaps || how === "powerless" }
}

/**
 * A new process has opened the spool, and what is there is on the disk from then
 * on, unless nobody ever syncs. What is owed must be what it will read; what
 * was settled may come again only when there was no time to note it.
 */
export const open = (
  disk: DiskState,
  fsync: State["rules"]["fsync"],
  { found, lostAtEnd, recovered }: Of<"Begun">
): DiskState => {
  const last = found.at(-1)
  const next = lostAtEnd + (last === undefined ? 0 : last.position + last.seqs.length)
  const place = next - recovered
  const frames = found.flatMap((each): ReadonlyArray<Frame> => {
    const head = Math.max(0, place - each.position)
    if (head >= each.seqs.length) return []
    const known = disk.frames.find((frame) => same(frame, each))?.safeAt ?? Number.POSITIVE_INFINITY
    return [{ ...without(each, head), safeAt: fsync === "never" ? known : Number.NEGATIVE_INFINITY }]
  })
  for (const frame of disk.frames) {
    demand(
      frames.some((each) => same(frame, each)),
      () => `${text(frame.seqs)} is on disk, and the next process does not read it`
    )
  }
  const again = frames.find(({ position }) => position < disk.floor)
  demand(again === undefined, () => `${text(again?.seqs ?? [])} was noted as settled, and comes again`)
  const there = frames.reduce((sum, { seqs }) => sum + seqs.length, 0)
  demand(
    there === recovered || (there < recovered && disk.mayHaveGaps),
    () => `${recovered} records are recovered, and ${there} are on disk`
  )
  return { ...disk, frames, expected: place, next, frontiers: [], floor: place }
}
