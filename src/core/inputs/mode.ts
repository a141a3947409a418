/** What a run may be for: the values of the input `mode`. */
export const modes = ['release', 'build', 'merge', 'deploy', 'rollback', 'run', 'continue'] as const
export type Mode = (typeof modes)[number]
