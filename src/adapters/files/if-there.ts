import { errorCode } from '../system/error-code.ts'

/**
 * What a question about a path is answered with.
 * @returns undefined where there is nothing at that path.
 * @throws the error where that cannot be told: a folder may not be searched, links go in a circle.
 */
export async function ifThere<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** Whether nothing is there: neither the file, nor all the folders of its path. */
export function isAbsent(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}
