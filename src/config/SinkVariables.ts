import type { SinkOverrides } from "../contract/SinkOverrides.ts"
import type { Format } from "../LogEncoder.ts"
import { entries } from "./variables.ts"

interface Said {
  readonly format: Format | undefined
  readonly stream: "stdout" | "stderr" | undefined
  readonly file: string | undefined
}

/**
 * What the environment says of format, stream and file, for the sinks it is about,
 * and what of that was asked for. A sink may be made several times.
 */
export class SinkVariables implements SinkOverrides {
  private readonly said: Said
  private hasConsole = false
  /** What the path was in code of the file sink that has that of the environment. */
  private moved: string | undefined

  constructor(said: Said) {
    this.said = said
  }

  /** For every console sink. */
  forConsole(): Said {
    this.hasConsole = true
    return this.said
  }

  /** For the first file sink named `file`: two must not share it. */
  pathFor(name: string, path: string): string {
    const { file } = this.said
    if (file === undefined || name !== "file") return path
    this.moved ??= path
    return this.moved === path ? file : path
  }

  /** A sentence about what no sink has asked for. */
  left(): string | undefined {
    const { file, format, stream } = this.said
    const sentences: Array<string> = []
    const ofConsole = [
      ...(format === undefined ? [] : [entries.format.name]),
      ...(stream === undefined ? [] : [entries.stream.name])
    ]
    if (ofConsole.length > 0 && !this.hasConsole) {
      sentences.push(`no console sink is there for ${ofConsole.join(" and ")}`)
    }
    if (file !== undefined && this.moved === undefined) {
      sentences.push(`no file sink named "file" is there for ${entries.file.name}`)
    }
    return sentences.length === 0 ? undefined : sentences.join("; ")
  }
}
