import { type Names, redactText } from "./redactText.ts"
import { isSecret, isSecretParameter } from "./secretNames.ts"

/**
 * What the runtime says of its own: lines, reports, the last error of a lane. It
 * quotes errors of sinks, and those like to name the URL that failed. The default
 * rules hold, whatever the program redacts in its records.
 */
export const withoutCredentials = (text: string): string => redactText(text, names)

const names: Names = {
  isSensitive: isSecret,
  isSensitiveParameter: (name) => isSecret(name) || isSecretParameter(name)
}
