/** What the library can say, read from its sources, and what a page says about it. */
import { parseAst } from "vitest/node"
import { LogRedactor } from "../../src/index.ts"
import type { Sources } from "./structure.ts"

/** A part of a program: an object with a `type`, as ESTree has it. */
type Node = Readonly<Record<string, unknown>> & { readonly type: string }

/** The texts of a source: all of them, and those that somebody may be shown. */
export interface Texts {
  readonly all: ReadonlySet<string>
  readonly shown: ReadonlySet<string>
}

/**
 * The texts that stand in the code of the library, with `<>` for what is filled
 * in. Nobody can tell from a program where a text ends up: a text is taken for
 * shown when it has two words or more, and with fewer when it is an argument of
 * `report` or `announce` or the `message` of an error. What is described on other
 * pages is left out by its place in the code: the help of the command line, the
 * tables of the configuration and of the metrics, and the names of secrets.
 */
export const textsIn = (sources: Sources): Texts => {
  const all = new Set<string>()
  const shown = new Set<string>()
  const visit = (node: unknown, said: boolean): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, said)
      return
    }
    if (!isNode(node) || isType(node) || elsewhere(node)) return
    const text = textOf(node)
    if (text !== undefined) {
      const shape = shapeOf(text)
      all.add(shape)
      if (!secrets.has(text) && (wordsOf(shape) > 1 || (said && wordsOf(shape) > 0))) shown.add(shape)
      for (const part of filledIn(node)) visit(part, false)
      return
    }
    for (const [key, child] of Object.entries(node)) visit(child, key === "value" ? isMessage(node) : isSaid(node, key))
  }
  for (const source of sources.values()) visit(parseAst(source, { lang: "ts" }).body, false)
  return { all, shown }
}

/** The texts a page explains: those in code at the start of the points of its lists. */
export const explainedIn = (page: string): ReadonlyArray<string> =>
  Array.from(page.matchAll(/^ *- ((?:`[^`]+`(?:,\s+)?)+)/gm)).flatMap(([, codes]) =>
    Array.from(codes!.matchAll(/`([^`]+)`/g), ([, text]) => text!)
  )

/** A text in the form in which two are compared: what is filled in has no name, and blanks do not count beside it. */
export const shapeOf = (text: string): string =>
  text.replaceAll(/<[^<>]*>/g, "<>").replaceAll(/\s+/g, " ").replaceAll(/ ?(<>) ?/g, "$1").replaceAll(/(<>)+/g, "<>")
    .trim()

const isNode = (u: unknown): u is Node =>
  typeof u === "object" && u !== null && "type" in u && typeof u.type === "string"

const wrappers = new Set(["TSAsExpression", "TSNonNullExpression", "TSParameterProperty", "TSSatisfiesExpression"])

const isType = ({ type }: Node): boolean =>
  type === "ImportDeclaration" || (type.startsWith("TS") && !wrappers.has(type))

/** A text, or several put together; `undefined` for what is none. */
const textOf = (node: Node): string | undefined => {
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : undefined
  if (node.type === "TemplateLiteral") {
    return nodesIn(node["quasis"]).map(({ value }) => cookedOf(value)).join("<>")
  }
  if (node.type !== "BinaryExpression" || node["operator"] !== "+") return undefined
  const sides = [node["left"], node["right"]].map((side) => isNode(side) ? textOf(side) : undefined)
  return sides.every((side) => side === undefined) ? undefined : sides.map((side) => side ?? "<>").join("")
}

/** What is filled into a text, and may be a text itself. */
const filledIn = (node: Node): ReadonlyArray<unknown> => {
  if (node.type === "TemplateLiteral") return nodesIn(node["expressions"])
  if (node.type !== "BinaryExpression") return []
  return [node["left"], node["right"]].flatMap((side) => {
    if (!isNode(side)) return []
    return textOf(side) === undefined ? [side] : filledIn(side)
  })
}

const cookedOf = (value: unknown): string =>
  typeof value === "object" && value !== null && "cooked" in value ? String(value.cooked) : ""

const nodesIn = (u: unknown): ReadonlyArray<Node> => Array.isArray(u) ? u.filter(isNode) : []

/** What a call calls or a property is named. */
const nameOf = (u: unknown): string => {
  if (!isNode(u)) return ""
  return u.type === "MemberExpression" ? nameOf(u["property"]) : typeof u["name"] === "string" ? u["name"] : ""
}

const speakers = new Set(["announce", "report"])

const isSaid = (node: Node, key: string): boolean =>
  node.type === "CallExpression" && key === "arguments" && speakers.has(nameOf(node["callee"]))

const isMessage = (node: Node): boolean => node.type === "Property" && nameOf(node["key"]) === "message"

const described = new Set(["default", "description", "inCode", "type", "unit"])
const describing = new Set(["counter", "gauge", "split", "withDescription"])

/** What other pages and the help of the command line describe. */
const elsewhere = (node: Node): boolean =>
  (node.type === "Property" && described.has(nameOf(node["key"]))) ||
  (node.type === "CallExpression" && describing.has(nameOf(node["callee"])))

const secrets: ReadonlySet<string> = new Set(LogRedactor.defaults.phrases)

/** How many words a text has. A name in a path, in code or before `=` is none. */
const wordsOf = (shape: string): number =>
  shape.replaceAll("<>", " ").split(" ").filter((word) => /^[("'[]?[A-Za-z]['\w.-]*[)"'\]?!.,:;]*$/.test(word)).length
