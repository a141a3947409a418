/** Every optional dependency that `lock` names and does not hold. */
export function missingOptionals(
  lock: unknown,
): readonly { readonly name: string; readonly version: string; readonly dev: boolean }[]
