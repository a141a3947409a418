/** The few files that stages read and write. */
export interface Files {
  /** @throws ActionError where `path` is missing, no regular file, or larger than `maxBytes`. */
  readText(path: string, maxBytes: number): Promise<string>
  exists(path: string): Promise<boolean>
  /** Whether `path` is a folder with nothing in it. @throws ActionError where that cannot be told. */
  isEmptyFolder(path: string): Promise<boolean>
  /** Makes a folder, and those above it, where they are missing. @throws ActionError */
  makeFolder(path: string): Promise<void>
  /** Writes a file for later steps into the job's temporary folder. @returns its path. */
  writeTemporary(name: string, text: string): Promise<string>
}
