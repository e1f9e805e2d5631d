/** Puts each mutant into a copy of the project and asks its tests to catch it. */
import { spawn } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Mutant, mutants } from "./list.ts"

const copied = [
  "src",
  "test",
  "scratchpad",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  "docs",
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "LICENSE"
]
/** A fault may have a test turn round in itself: it has no answer by then, so it is caught. */
const patience = 15 * 60_000

const copyProject = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "spillway-mutants-"))
  for (const name of copied) cpSync(name, join(folder, name), { recursive: true })
  symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"))
  return folder
}

const testsPass = (folder: string, tests: ReadonlyArray<string>): Promise<boolean> =>
  new Promise((resolve) => {
    const vitest = join(folder, "node_modules", "vitest", "vitest.mjs")
    const child = spawn(process.execPath, [vitest, "run", "--bail", "1", ...tests], {
      cwd: folder,
      stdio: "ignore",
      timeout: patience
    })
    child.on("close", (code) => resolve(code === 0))
  })

const refuseStale = ({ file, find, name }: Mutant): void => {
  if (readFileSync(file, "utf8").split(find).length === 2) return
  throw new Error(`mutant "${name}": ${file} must hold its place exactly once`)
}

const check = async (folder: string, { file, find, name, replace, tests }: Mutant): Promise<boolean> => {
  const path = join(folder, file)
  const text = readFileSync(path, "utf8")
  writeFileSync(path, text.replace(find, () => replace))
  const survived = await testsPass(folder, tests)
  writeFileSync(path, text)
  console.log(`${survived ? "SURVIVED" : "caught  "}  ${name}`)
  return !survived
}

mutants.forEach(refuseStale)
const folder = copyProject()
try {
  const wanted = process.argv[2]
  const chosen = mutants.filter(({ name }) => wanted === undefined || name.includes(wanted))
  const all = [...new Set(chosen.flatMap(({ tests }) => tests))]
  if (!await testsPass(folder, all)) throw new Error("the tests must pass without a mutant")
  let caught = 0
  for (const mutant of chosen) if (await check(folder, mutant)) caught++
  console.log(`${caught} of ${chosen.length} mutants caught`)
  if (caught < chosen.length) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
