/** Tells what an image reference means now, as a registry would. */
export interface ImageResolver {
  /**
   * The digest that `image` names and the platforms it can run on. Throws an Error whose message
   * is the text of a stopped task (`CannotPullContainerError: …`) when it cannot be pulled. The
   * digest is undefined for an image that is only assumed to exist.
   */
  resolve(
    image: string,
  ): Promise<{ readonly digest: string | undefined; readonly platforms: readonly string[] }>
}
