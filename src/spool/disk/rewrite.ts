/// <reference types="node" />
import { copyName } from "../log/directories.ts"
import { attempt, fileMode, type Files, openFlags, openRegular, remove } from "./files.ts"
import { readFrame } from "./frameReader.ts"
import { type Segment, SegmentWriter } from "./segment.ts"

/**
 * Copies the whole frames of a segment that end behind `first` to a new file,
 * forces it to the disk and puts it at `path`, in one step for whoever looks.
 */
export const rewrite = (
  files: Files,
  old: Segment,
  path: string,
  first: number
): SegmentWriter => {
  const temporary = copyName(path)
  attempt(() => remove(files, temporary))
  const { fd: source } = openRegular(files, old.path, openFlags.read)
  let writer: SegmentWriter | undefined
  try {
    const fd = files.openSync(temporary, openFlags.createAppend, fileMode)
    writer = new SegmentWriter(files, { first, path, bytes: 0, sure: true }, fd, "dirty")
    for (let offset = 0;;) {
      const read = readFrame(files, source, offset, old.bytes)
      if (read._tag === "End") break
      offset = read.end
      if (read._tag === "Frame" && read.header.first + read.header.count > first) writer.append(read.bytes)
    }
    writer.sync()
    files.renameSync(temporary, path)
    return writer
  } catch (error) {
    writer?.close()
    attempt(() => remove(files, temporary))
    throw error
  } finally {
    files.closeSync(source)
  }
}
