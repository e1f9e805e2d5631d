/** Characters that could break a line or drive a terminal: C0, DEL, C1, line and paragraph separators. */
// oxlint-disable-next-line eslint/no-control-regex -- control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/
const controls = new RegExp(control, "g")
/** Those of them that JSON leaves raw. */
const unescaped = /[\u007f-\u009f\u2028\u2029]/g

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Makes control characters visible, as `\n` or `\u001b`. Hardly any text has some: to ask first takes half as long. */
export const visible = (text: string): string =>
  control.test(text) ? text.replaceAll(controls, (character) => short[character] ?? escape(character)) : text

/** Escapes what `JSON.stringify` leaves raw although a reader may take it for a line break or a control code. */
export const escapeJson = (json: string): string => json.replaceAll(unescaped, escape)
