import type * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Runtime from "effect/Runtime"
import type { Fields } from "../events/EventFields.ts"
import { isObject } from "../record/plainData.ts"

/** The command that was chosen, with its subcommands, and what all of them were given. */
export interface Called {
  readonly path: ReadonlyArray<string>
  readonly given: Fields
}

/** So many subcommands a command line may have. */
const deepest = 20

/** Where Effect's `Command` keeps the subcommand that was chosen, in what a command was given. */
const chosen = "effect/cli/SubcommandState"

/** Total: what is given may be anything that a program parses. */
export const calledOf = (name: string, input: unknown): Called => {
  const path = [name]
  const given: Record<string, unknown> = {}
  let inside: unknown = input
  for (let depth = 0; depth < deepest && isObject(inside); depth++) {
    for (const key of Object.keys(inside)) {
      const value = valueOf(inside[key])
      if (value !== undefined) given[key] = value
    }
    const symbol = Object.getOwnPropertySymbols(inside).find(({ description }) => description === chosen)
    const next: unknown = symbol === undefined ? undefined : Reflect.get(inside, symbol)
    if (!isObject(next) || typeof next["name"] !== "string") break
    path.push(next["name"])
    inside = next["result"]
  }
  return { path, given }
}

/** What an option has that was given; none of one that was not. */
const valueOf = (value: unknown): unknown => Option.isOption(value) ? Option.getOrUndefined(value) : value

/** The exit code of a program that ends by this. */
export const exitCodeOf = (exit: Exit.Exit<unknown, unknown>): number | undefined => {
  let exitCode: number | undefined
  try {
    Runtime.defaultTeardown(exit, (code) => {
      exitCode = code
    })
  } catch {
    // An error may be anything, and its getters may throw.
  }
  return exitCode
}
