import type { Given } from "../../contract/given.ts"
import { type Check, type Problem, type Rule, satisfies } from "../../options/check.ts"
import { shown } from "../../options/shown.ts"
import { isRecord } from "../../record/plainData.ts"
import { plural } from "../../record/text.ts"
import type { LabelOptions } from "./Labels.ts"
import { labelNameBytes, labelNames, labelValueBytes } from "./limits.ts"
import { isName } from "./names.ts"

export const labelNameCheck = satisfies(
  `the name of a label: 1 to ${labelNameBytes} letters, digits and _, no digit in front, no __`,
  (value) => typeof value === "string" && isName(value) && value.length <= labelNameBytes
)

const textOf = (most: number): Check =>
  satisfies(
    `a text of 1 to ${most} ${plural(most, "byte")}`,
    (value) => typeof value === "string" && value !== "" && value.isWellFormed() && Buffer.byteLength(value) <= most
  )

const labelValue = textOf(labelValueBytes)

/** The name of an annotation that is a label, of which `_` and a number may have to make another. */
export const annotationCheck = textOf(labelNameBytes - 4)

/** What dskit takes as a tenant (`tenant/tenant.go`): any other is a 400 for every request. */
export const tenantCheck = satisfies(
  "a tenant: 1 to 150 letters, digits and any of !-_.*'(), and neither . nor ..",
  (value) => typeof value === "string" && /^(?!\.{1,2}$)[\w!.*'()-]{1,150}$/.test(value)
)

export const labelsCheck: Check = {
  expected: "an object of labels, at least one, each a text",
  read(value) {
    if (!isRecord(value) || Object.keys(value).length === 0) return undefined
    const problems: Array<Problem> = []
    for (const [name, given] of Object.entries(value)) {
      if (labelNameCheck.read(name) === undefined) {
        problems.push({ at: "", text: `must have ${labelNameCheck.expected}, got ${shown(name)}` })
      } else if (labelValue.read(given) === undefined) {
        problems.push({ at: `.${name}`, text: `must be ${labelValue.expected}, got ${shown(given)}` })
      }
    }
    return problems.length === 0 ? { value } : { problems }
  }
}

/** What labels must be together. */
export const labelsTogether: Rule<Given<LabelOptions> & Pick<LabelOptions, "labels">> = (
  { labels, labelsFrom = [], levelLabel = "level" }
) => {
  if (levelLabel !== false && Object.hasOwn(labels, levelLabel)) {
    return { at: ".levelLabel", text: `must be a name that labels do not have, or false, got ${shown(levelLabel)}` }
  }
  const count = Object.keys(labels).length + labelsFrom.length + (levelLabel === false ? 0 : 1)
  return count > labelNames
    ? { at: ".labels", text: `must be at most ${labelNames}, with levelLabel and labelsFrom, got ${count}` }
    : undefined
}
