import type { Event } from "./events.ts"
import type { FoundFrame } from "./frames.ts"
import { demand, type DiskState, type Frame, type State } from "./state.ts"

type Of<Tag extends Event["_tag"]> = Extract<Event, { readonly _tag: Tag }>

/** How long the notes of a spool, and with `interval` its records, may wait to be on the disk. */
const maintenanceMillis = 500

const text = (seqs: ReadonlyArray<number>): string => `[${seqs.join(", ")}]`

export const waitingSeqs = (disk: DiskState): ReadonlyArray<number> =>
  disk.frames.flatMap(({ position, seqs }) => position >= disk.expected ? seqs : [])

/** The first position from one on that was not settled when the spool was opened, or since. */
const openFrom = ({ settled }: DiskState, from: number): number => {
  let position = from
  while (settled.has(position)) position++
  return position
}

const settle = (disk: DiskState, positions: ReadonlyArray<number>, at: number): DiskState => {
  const settled = new Map(disk.settled)
  for (const position of positions) if (!settled.has(position)) settled.set(position, at)
  return { ...disk, settled }
}

/** The position behind so many that are not settled. */
const behind = (disk: DiskState, count: number): number => {
  let position = disk.expected
  for (let i = 0; i < count; i++) position = openFrom(disk, position) + 1
  return position
}

/** Goes over the records that are not there any more: none of them may be in a batch that is. */
const skip = (disk: DiskState, count: number, why: string): DiskState => {
  const expected = behind(disk, count)
  demand(expected <= disk.next, () => `${count} records ${why}, more than there are on disk`)
  const torn = disk.frames.find(({ places }) =>
    places.some((place) => place >= disk.expected && place < expected) && places.some((place) => place >= expected)
  )
  demand(torn === undefined, () => `${count} records ${why}, in the middle of ${text(torn?.seqs ?? [])}`)
  return { ...disk, expected }
}

/** Older batches make room for new ones: the oldest that nobody has read. */
export const makeRoom = (disk: DiskState, { dropped, freed }: Of<"Appended">): DiskState => {
  if (!freed && dropped === 0) return disk
  const out = disk.out.map((each) => ({ ...each, mayBeGone: true }))
  return { ...skip(disk, dropped, "made room"), out, mayHaveGaps: true }
}

export const append = (
  disk: DiskState,
  fsync: State["rules"]["fsync"],
  { at, maybeSent, seqs }: Of<"Appended">
): DiskState => {
  const safeAt = { never: Number.POSITIVE_INFINITY, interval: at + maintenanceMillis, always: at }[fsync]
  return {
    ...disk,
    frames: [...disk.frames, {
      position: disk.next,
      count: seqs.length,
      seqs,
      places: seqs.map((_, i) => disk.next + i),
      maybeSent,
      safeAt
    }],
    next: disk.next + seqs.length
  }
}

/** Whether the batch that is read next may have arrived already. */
export const isNextMaybeSent = (disk: DiskState, lost: number): boolean =>
  nextFrame(disk, behind(disk, lost))?.maybeSent === true

const nextFrame = (disk: DiskState, from: number): Frame | undefined => {
  const next = openFrom(disk, from)
  return disk.frames.find(({ places }) => places[0] === next)
}

/** Hands out a batch: the oldest there is, and none that is there is left out. */
export const handOut = (disk: DiskState, { lost, seqs, token }: Of<"Handed">): DiskState => {
  demand(lost === 0 || disk.mayHaveGaps, () => `${lost} records are lost on a disk that was never cut off`)
  const skipped = disk.frames.find(({ places: [first = 0] }) => first >= disk.expected && first < behind(disk, lost))
  demand(skipped === undefined, () => `${text(skipped?.seqs ?? [])} is called lost, and is on disk`)
  const after = skip(disk, lost, "are lost")
  if (seqs.length === 0) return after
  const frame = nextFrame(after, after.expected)
  demand(
    frame !== undefined && text(frame.seqs) === text(seqs),
    () => `${text(seqs)} is read where ${text(frame?.seqs ?? [])} must be`
  )
  const from = frame.position
  const to = from + frame.count
  return {
    ...after,
    expected: to,
    out: [...after.out, { token, from, to, acknowledged: false, mayBeGone: false }]
  }
}

const frameOf = ({ frames, out }: DiskState, token: number): Frame | undefined => {
  const handed = out.find((each) => each.token === token)
  return frames.find(({ position }) => position === handed?.from)
}

/** The records of a batch that was handed out. */
export const handedOut = (disk: DiskState, token: number): ReadonlyArray<number> => frameOf(disk, token)?.seqs ?? []

export const acknowledge = (disk: DiskState, { at, token }: Of<"Acknowledged">): DiskState => {
  const out = disk.out.map((each) => each.token === token ? { ...each, acknowledged: true } : each)
  return settle({ ...disk, out }, frameOf(disk, token)?.places ?? [], at)
}

export const acknowledgeSome = (disk: DiskState, { at, places, token }: Of<"SomeAcknowledged">): DiskState => {
  const all = frameOf(disk, token)?.places ?? []
  return settle(disk, places.flatMap((place) => all[place] ?? []), at)
}

/** What is settled so far does not come again though the process is killed. */
export const note = (disk: DiskState): DiskState => ({
  ...disk,
  settled: new Map([...disk.settled.keys()].map((position) => [position, Number.NEGATIVE_INFINITY]))
})

/** The batches that a next process must find, without what is settled. */
const owed = (disk: DiskState): ReadonlyArray<{ readonly frame: Frame; readonly mayBeGone: boolean }> =>
  disk.frames.flatMap((frame) => {
    const left = { frame: without(frame, (position) => disk.settled.has(position)), mayBeGone: false }
    if (frame.position >= disk.expected) return [left]
    const handed = disk.out.find(({ from }) => from === frame.position)
    if (handed === undefined || handed.acknowledged || left.frame.seqs.length === 0) return []
    return [{ ...left, mayBeGone: handed.mayBeGone }]
  })

const without = (frame: Frame, isSettled: (position: number) => boolean): Frame => {
  const open = frame.places.flatMap((place, i) => isSettled(place) ? [] : [i])
  return {
    ...frame,
    seqs: open.flatMap((i) => frame.seqs[i] ?? []),
    places: open.flatMap((i) => frame.places[i] ?? [])
  }
}

/** Whether a batch is there, be it with others of its records that are settled. */
const same = ({ maybeSent, seqs }: Frame, found: Pick<FoundFrame, "maybeSent" | "seqs">): boolean => {
  const there = found.seqs.filter((seq) => seqs.includes(seq))
  return maybeSent === found.maybeSent && text(there) === text(seqs)
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
  const latest = { closed: at, killed: at - maintenanceMillis, powerless: Number.NaN }[how]
  const noted = new Set([...disk.settled].flatMap(([position, since]) => since <= latest ? [position] : []))
  return { ...disk, frames, out: [], noted, mayHaveGaps: disk.mayHaveGaps || how === "powerless" }
}

/**
 * A new process has opened the spool, and what is there is on the disk from then
 * on, unless nobody ever syncs. What is owed must be what it will read; what
 * was settled may come again only when there was no time to note it.
 */
export const open = (
  disk: DiskState,
  fsync: State["rules"]["fsync"],
  { cursor, found, lostAtEnd, recovered }: Of<"Begun">
): DiskState => {
  const last = found.at(-1)
  const end = last === undefined ? 0 : last.position + last.seqs.length
  const settled = new Map([...cursor?.settled ?? []].map((position) => [position, Number.NEGATIVE_INFINITY]))
  const known = { ...disk, settled, expected: Math.max(end, cursor?.place ?? 0) }
  const next = Math.max(cursor?.end ?? 0, behind(known, lostAtEnd))
  const place = cursor?.place ?? next - recovered
  const isSettled = (position: number): boolean => position < place || settled.has(position)
  const frames = found.flatMap(({ maybeSent, position, seqs }): ReadonlyArray<Frame> => {
    const places = seqs.map((_, i) => position + i)
    const frame = without({ position, count: seqs.length, seqs, places, maybeSent, safeAt: 0 }, isSettled)
    if (frame.seqs.length === 0) return []
    const since = disk.frames.find((each) => same(each, { maybeSent, seqs }))?.safeAt ?? Number.POSITIVE_INFINITY
    return [{ ...frame, safeAt: fsync === "never" ? since : Number.NEGATIVE_INFINITY }]
  })
  for (const frame of disk.frames) {
    demand(
      frames.some((each) => same(frame, each)),
      () => `${text(frame.seqs)} is on disk, and the next process does not read it`
    )
  }
  for (const { places, seqs } of frames) {
    const again = seqs.filter((_, i) => disk.noted.has(places[i] ?? -1))
    demand(again.length === 0, () => `${text(again)} was noted as settled, and comes again`)
  }
  const there = frames.reduce((sum, { seqs }) => sum + seqs.length, 0)
  demand(
    there === recovered || (there < recovered && disk.mayHaveGaps),
    () => `${recovered} records are recovered, and ${there} are on disk`
  )
  return { ...disk, frames, expected: place, next, settled }
}
