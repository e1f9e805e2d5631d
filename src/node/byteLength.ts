/// <reference types="node" />

/** How many bytes a text is in an encoding, UTF-8 where it names none. */
export const byteLength = (text: string, encoding: unknown): number =>
  Buffer.byteLength(text, typeof encoding === "string" && Buffer.isEncoding(encoding) ? encoding : "utf8")
