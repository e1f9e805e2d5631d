/// <reference types="node" />
import { createHash } from "node:crypto"

/**
 * The names of everything in a spool:
 *
 * ```
 * <lane>/
 *   00000000000000000000.seg        frames, named after the position of the first record
 *   00000000000000000000.seg.tmp    a copy of a segment that is not whole yet
 *   cursor                          what is settled
 *   lock                            who owns the directory
 *   lock.<token>                    a lock on its way to its place
 *   claim.<token>                   who takes over from the dead owner with that token
 *   sign.<token>                    a socket: the owner lives
 *   unnamed.<token>                 that socket before it answers
 *   quarantine/                     what could not be read
 *   instances/<pid>-<token>/        the same again, of an owner that found the lane taken
 *   dead-letters/                   the same again, of what was given up
 * ```
 */
export const cursorName = "cursor"
export const quarantineDirectory = "quarantine"
export const instancesDirectory = "instances"
export const deadLettersDirectory = "dead-letters"

const longestName = 80

/** The name of a lane as the name of a directory; different lanes have different ones. */
export const laneDirectory = (lane: string): string => {
  const name = lane.replaceAll(
    /[^\w.-]|^\./gu,
    (character) => Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("")
  )
  if (name.length <= longestName) return name
  return `${name.slice(0, longestName)}%${createHash("sha256").update(lane).digest("hex").slice(0, 16)}`
}

export const instanceName = (pid: number, token: string): string => `${pid}-${token.slice(0, 8)}`

const segmentSuffix = ".seg"
const copySuffix = ".tmp"
const segmentPattern = /^\d{20}\.seg$/

export const segmentName = (first: number): string => `${String(first).padStart(20, "0")}${segmentSuffix}`

/** The first position a file name stands for, or nothing when it is no name of a segment. */
export const positionOf = (name: string): number | undefined => {
  if (!segmentPattern.test(name)) return undefined
  const first = Number(name.slice(0, 20))
  return Number.isSafeInteger(first) ? first : undefined
}

/** The name or path of a copy of a segment while it is made. */
export const copyName = (segment: string): string => `${segment}${copySuffix}`
export const isCopyName = (name: string): boolean => name.endsWith(copyName(segmentSuffix))

/** The name in quarantine of a part of a segment. */
export const damageName = (segment: string, offset: number, end: number): string => `${segment}.${offset}-${end}`
export const isDamageName = (name: string): boolean => /\.\d+-\d+$/.test(name)

export const lockName = "lock"
export const unplacedLockName = (token: string): string => `${lockName}.${token}`
export const claimName = (token: string): string => `claim.${token}`

const signPrefix = "sign."
export const signName = (token: string): string => `${signPrefix}${token}`
export const isSignName = (name: string): boolean => name.startsWith(signPrefix)
export const unnamedSignName = (token: string): string => `unnamed.${token}`
