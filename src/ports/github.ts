import type { DeploymentRequest, DeploymentStatus } from '../core/github/deployment.ts'
import type { CommitRelation } from '../core/guards/newer-commit.ts'

/**
 * The job's repository on its GitHub server. All throw GitHubFailure, within seconds, also where
 * there is no token; none of them may decide whether a deploy goes on.
 */
export interface GitHub {
  /** How `head` stands to `base` in the history of the repository. */
  compareCommits(base: string, head: string): Promise<CommitRelation>
  /**
   * The full commit that a short one means.
   * @returns undefined where none of the repository begins so, or more than one.
   */
  resolveCommit(prefix: string): Promise<string | undefined>
  /** Announces a deployment, which merges nothing and waits for no check. @returns its id. */
  createDeployment(deployment: DeploymentRequest): Promise<number>
  /** Says where a deployment stands. */
  setDeploymentStatus(id: number, status: DeploymentStatus): Promise<void>
}
