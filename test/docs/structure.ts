/** How the files of the library may import each other, read from `docs/architecture.md`, and where they do not keep to it. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path/posix"

/** The text of each file, by its path below `src`. */
export type Sources = ReadonlyMap<string, string>

export const sourcesOf = (folder: string): Sources =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts")).map((path) => [
      path,
      readFileSync(join(folder, path), "utf8")
    ])
  )

/** The number of the floor that each room and each public module is on. */
export const floorsIn = (page: string): ReadonlyMap<string, number> => {
  const floors = new Map<string, number>()
  const section = page.split("\n## Floors\n")[1]?.split("\n## ")[0] ?? ""
  for (const [, number, rooms] of section.matchAll(/^(\d+)\. (.+)$/gm)) {
    for (const [, room] of rooms!.matchAll(/`([^`]+)`/g)) floors.set(room!, Number(number))
  }
  return floors
}

const imported = /\bfrom\s*"([^"]+)"|\bimport\s*\(?\s*"([^"]+)"/g

const importsOf = (text: string): ReadonlyArray<string> => {
  const code = text.replaceAll(/^\s*(\*|\/\/|\/\*).*$/gm, "")
  return Array.from(code.matchAll(imported), ([, from, called]) => from ?? called!)
}

const targetsOf = (path: string, text: string): ReadonlyArray<string> =>
  importsOf(text).filter((to) => to.startsWith(".")).map((to) => normalize(join(dirname(path), to)))

const roomOf = (path: string): string => path.split("/")[0]!.replace(/\.ts$/, "")

/** Imports that go up, or to another room of the same floor, and files on no floor. */
export const upwardImports = (sources: Sources, floors: ReadonlyMap<string, number>): ReadonlyArray<string> => {
  const faults: Array<string> = []
  for (const [path, text] of sources) {
    const room = roomOf(path)
    const floor = floors.get(room)
    if (floor === undefined) faults.push(`${path} is on no floor`)
    for (const to of targetsOf(path, text)) {
      const other = floors.get(roomOf(to))
      if (roomOf(to) !== room && (floor === undefined || other === undefined || other >= floor)) {
        faults.push(`${path} imports ${to}`)
      }
    }
  }
  return faults
}

/** Imports that lead back to the file they start from, types included, each as the way around. */
export const circles = (sources: Sources): ReadonlyArray<string> => {
  const found: Array<string> = []
  const done = new Set<string>()
  const follow = (path: string, way: ReadonlyArray<string>): void => {
    const at = way.indexOf(path)
    if (at !== -1) found.push([...way.slice(at), path].join(" → "))
    if (at !== -1 || done.has(path)) return
    for (const to of targetsOf(path, sources.get(path) ?? "")) follow(to, [...way, path])
    done.add(path)
  }
  for (const path of sources.keys()) follow(path, [])
  return found
}

/** Imports of a sink by another; what several share lies in the folder of a protocol. */
export const importsBetweenSinks = (sources: Sources): ReadonlyArray<string> =>
  Array.from(sources).flatMap(([path, text]) => {
    if (!path.startsWith("sinks/")) return []
    const own = path.replace(/Sink\.ts$/, "").toLowerCase()
    return targetsOf(path, text).filter((to) => {
      if (!to.startsWith("sinks/") || /^sinks\/(encoding|http)\//.test(to)) return false
      return !to.startsWith(`${own}/`) && dirname(to) !== dirname(path) || /^sinks\/\w+\.ts$/.test(to)
    }).map((to) => `${path} imports ${to}`)
  })

/** Imports of Node's modules where they do not belong. */
export const importsOfNode = (sources: Sources, rooms: ReadonlyArray<string>): ReadonlyArray<string> =>
  Array.from(sources).flatMap(([path, text]) =>
    rooms.includes(roomOf(path))
      ? []
      : importsOf(text).filter((to) => to.startsWith("node:")).map((to) => `${path} imports ${to}`)
  )
