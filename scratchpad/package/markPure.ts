/**
 * Marks what a module evaluates for its variables as pure, which `sideEffects` of the package says of whole modules: in
 * a chunk that many share, bundlers leave out what a program does not use.
 */
import { parseAst } from "rolldown/parseAst"

const pure = "/* @__PURE__ */ "

export const markPure = (code: string): string => {
  const marks = new Map<number, string>()
  for (const statement of parseAst(code).body) if (statement.type === "VariableDeclaration") mark(statement, marks)
  let marked = ""
  let end = 0
  for (const [at, text] of [...marks].toSorted(([a], [b]) => a - b)) {
    marked += code.slice(end, at) + text
    end = at
  }
  return marked + code.slice(end)
}

const calls = new Set<unknown>(["CallExpression", "NewExpression"])
const literals = new Set<unknown>(["ObjectExpression", "ArrayExpression"])
const later = new Set<unknown>(["ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration"])

/** Marks the calls that are made when a node is evaluated. One whose parts are spread could call a getter: it is made by a call. */
const mark = (node: object, marks: Map<number, string>): void => {
  if ("type" in node && "start" in node && "end" in node) {
    const { end, start, type } = node
    if (later.has(type)) return
    if (typeof start !== "number" || typeof end !== "number") return
    if (calls.has(type)) marks.set(start, pure)
    if (literals.has(type) && hasSpread(node)) {
      marks.set(start, `${pure}(() => (`)
      marks.set(end, "))()")
      return
    }
  }
  for (const part of Object.values(node)) if (typeof part === "object" && part !== null) mark(part, marks)
}

const hasSpread = (literal: object): boolean =>
  Object.values(literal).some((parts) => Array.isArray(parts) && parts.some((part) => part?.type === "SpreadElement"))
