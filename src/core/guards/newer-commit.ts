/** How a commit stands to another: one that is `ahead` has all of the other and more. */
export const commitRelations = ['identical', 'ahead', 'behind', 'diverged'] as const
export type CommitRelation = (typeof commitRelations)[number]

/** What a release is to do where a service runs the image of another commit. */
export type CommitVerdict =
  | { readonly kind: 'pass' }
  /** What runs has all of ours and more. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'warn'; readonly why: string }

/**
 * Judges a release of a commit.
 * @param relation How ours stands to the commit that runs. Diverged ones are not refused: neither
 * is newer (a fix on a branch of its own, a rebased branch), and only a person knows which is meant.
 */
export function judgeCommit(relation: CommitRelation): CommitVerdict {
  switch (relation) {
    case 'identical':
    case 'ahead':
      return { kind: 'pass' }
    case 'behind':
      return { kind: 'refuse' }
    case 'diverged':
      return { kind: 'warn', why: 'each of the two has commits that the other has not' }
  }
}
