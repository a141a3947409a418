/** What main leaves for the post step to take away; saved before the thing exists. */
export interface PostState {
  saveDockerConfiguration(directory: string): void
  saveBuilder(name: string): void
  /**
   * Adds handlers of binfmt_misc to those that are taken back.
   * @param engine The argument of docker that names the engine on whose kernel they are.
   */
  saveEmulators(engine: string, handlers: readonly string[]): void
  /** Takes away handlers that turned out not to be ours. */
  forgetEmulators(engine: string, handlers: readonly string[]): void
}
