/** A commit as GitHub knows it. */
export interface Commit {
  /** 40 hexadecimal digits. */
  readonly sha: string
  /** SHAs of its parents; the first is the branch that it was made on. */
  readonly parents: readonly string[]
  readonly message: string
  /** Milliseconds since the Unix epoch. */
  readonly committedAtMs: number
}

/** How a head stands to a base, in the words of GitHub's compare API. */
export type ComparisonStatus = 'identical' | 'ahead' | 'behind' | 'diverged'

export interface Comparison {
  readonly status: ComparisonStatus
  /** Commits that the head has and the base has not, oldest first. */
  readonly ahead: readonly Commit[]
  /** How many commits the base has and the head has not. */
  readonly behindBy: number
  readonly mergeBase: Commit
}

const LEAST_SHORT_SHA = 7
const SHA = /^[0-9a-f]{40}$/

/** The history of one repository: commits, branches and tags. */
export class CommitGraph {
  readonly #commits = new Map<string, Commit>()
  /** `heads/main` or `tags/v1` -> SHA. */
  readonly #refs = new Map<string, string>()

  /** Adds a commit whose parents are there already. Throws a TypeError that says what is wrong. */
  add(commit: Commit): void {
    if (!SHA.test(commit.sha)) throw new TypeError(`'${commit.sha}' is not a commit's SHA`)
    const orphan = commit.parents.find((parent) => !this.#commits.has(parent))
    if (orphan !== undefined) throw new TypeError(`there is no parent '${orphan}'`)
    this.#commits.set(commit.sha, commit)
  }

  /** Points `heads/…` or `tags/…` at a commit. */
  point(ref: string, sha: string): void {
    if (!this.#commits.has(sha)) throw new TypeError(`there is no commit '${sha}'`)
    this.#refs.set(ref, sha)
  }

  get refs(): ReadonlyMap<string, string> {
    return this.#refs
  }

  get size(): number {
    return this.#commits.size
  }

  /** The commit that a branch, a tag, a SHA or an unambiguous short SHA names, in this order. */
  resolve(ref: string): Commit | undefined {
    const plain = ref.replace(/^refs\//, '')
    for (const name of [`heads/${plain}`, `tags/${plain}`, plain]) {
      const sha = this.#refs.get(name)
      if (sha !== undefined) return this.#commits.get(sha)
    }
    const found = this.#commits.get(ref)
    if (found !== undefined || ref.length < LEAST_SHORT_SHA) return found
    const candidates = [...this.#commits.values()].filter(({ sha }) => sha.startsWith(ref))
    return candidates.length === 1 ? candidates[0] : undefined
  }

  /** How `head` stands to `base`; undefined when they have no common ancestor. */
  compare(base: Commit, head: Commit): Comparison | undefined {
    const ofBase = this.#reachable(base)
    const ofHead = this.#reachable(head)
    const mergeBase = [...ofBase.values()].find(({ sha }) => ofHead.has(sha))
    if (mergeBase === undefined) return undefined
    const ahead = [...ofHead.values()].filter(({ sha }) => !ofBase.has(sha)).reverse()
    const behindBy = [...ofBase.keys()].filter((sha) => !ofHead.has(sha)).length
    return { status: statusOf(ahead.length, behindBy), ahead, behindBy, mergeBase }
  }

  /** The commit and all its ancestors, children before parents. */
  #reachable(commit: Commit): ReadonlyMap<string, Commit> {
    const parentsFirst = new Map<string, Commit>()
    const open: { readonly commit: Commit; readonly parentsDone: boolean }[] = [
      { commit, parentsDone: false },
    ]
    const begun = new Set<string>()
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.parentsDone) {
        parentsFirst.set(next.commit.sha, next.commit)
        continue
      }
      if (begun.has(next.commit.sha)) continue
      begun.add(next.commit.sha)
      open.push({ commit: next.commit, parentsDone: true })
      for (const sha of next.commit.parents) {
        const parent = this.#commits.get(sha)
        if (parent !== undefined) open.push({ commit: parent, parentsDone: false })
      }
    }
    return new Map([...parentsFirst].reverse())
  }
}

function statusOf(aheadBy: number, behindBy: number): ComparisonStatus {
  if (aheadBy === 0) return behindBy === 0 ? 'identical' : 'behind'
  return behindBy === 0 ? 'ahead' : 'diverged'
}
