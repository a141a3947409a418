/** What main leaves for the post step to take away; saved before the thing exists. */
export interface PostState {
  saveDockerConfiguration(directory: string): void
  saveBuilder(name: string): void
}
