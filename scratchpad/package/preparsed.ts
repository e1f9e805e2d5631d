/**
 * Has what a module evaluates hold functions where it held arrow functions. In a module V8 parses every arrow function at
 * its top whole when it is loaded, and again when it is called first; of a function it only looks where it ends.
 */
import { parseAst } from "rolldown/parseAst"

interface Arrow {
  readonly start: number
  readonly end: number
  readonly body: { readonly start: number; readonly type: string }
}

export const preparsed = (code: string): string => {
  const arrows: Array<Arrow> = []
  collect(parseAst(code).body, arrows)
  let changed = ""
  let end = 0
  for (const arrow of arrows) {
    changed += code.slice(end, arrow.start) + functionOf(code, arrow)
    end = arrow.end
  }
  return changed + code.slice(end)
}

/** Inside of functions and classes an arrow function has a `this`. */
const within = new Set<unknown>(["FunctionExpression", "FunctionDeclaration", "ClassExpression", "ClassDeclaration"])

const collect = (node: object, arrows: Array<Arrow>): void => {
  if ("type" in node) {
    if (node.type === "ArrowFunctionExpression" && isArrow(node)) {
      arrows.push(node)
      return
    }
    if (within.has(node.type)) return
  }
  for (const part of Object.values(node)) if (typeof part === "object" && part !== null) collect(part, arrows)
}

const isArrow = (node: object): node is Arrow => "start" in node && "end" in node && "body" in node

const functionOf = (code: string, { body, end, start }: Arrow): string => {
  const sign = code.lastIndexOf("=>", body.start)
  const [, kind = "", given = ""] = /^(async )?(.*)$/s.exec(code.slice(start, sign).trim()) ?? []
  const parameters = given.startsWith("(") ? given : `(${given})`
  const rest = code.slice(sign + 2, end).trim()
  return `${kind}function${parameters} ${body.type === "BlockStatement" ? rest : `{ return ${rest} }`}`
}
