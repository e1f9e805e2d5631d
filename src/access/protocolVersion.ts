/** Node has `2.0` for what the conventions have as `2`. */
export const versionOf = (version: unknown): string | undefined =>
  typeof version === "string" ? version.endsWith(".0") && version !== "1.0" ? version.slice(0, -2) : version : undefined
