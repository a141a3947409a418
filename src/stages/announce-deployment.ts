import { toActionError } from '../core/errors/action-error.ts'
import { GitHubFailure } from '../core/errors/github-failure.ts'
import { describeGitHubFailure } from '../core/faults/github.ts'
import {
  describeEnd,
  stateOf,
  type DeploymentRequest,
  type DeploymentStatus,
} from '../core/github/deployment.ts'
import type { EnvironmentInputs } from '../core/inputs/identity/github.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Plan } from '../core/plan/plan.ts'
import type { RunEnd } from '../core/report/run-end.ts'
import type { RunContext } from '../core/run-context.ts'
import type { Ports } from '../ports/ports.ts'

type AnnouncePorts = Pick<Ports, 'context' | 'github' | 'report' | 'signal'>

/**
 * Does `work`, and has GitHub show it as a deployment to `environment`: from its beginning to what
 * became of it, a cancelled one included. What GitHub does not take is one warning, and `work` goes
 * on all the same.
 * @param environment Undefined: nothing is shown.
 */
export async function announceDeployment(
  environment: EnvironmentInputs | undefined,
  plan: Plan,
  ports: AnnouncePorts,
  work: () => Promise<RunEnd>,
): Promise<RunEnd> {
  const commit = commitOf(plan, ports.context)
  if (environment === undefined || commit === undefined) return await work()
  const id = await create({ commit, environment: environment.name }, ports)
  if (id === undefined) return await work()
  const shown = new ShownDeployment(id, environment, ports)
  return await shown.during(work)
}

/** @returns undefined where the plan deploys to no service. */
function commitOf(plan: Plan, context: RunContext): string | undefined {
  if (plan.mode !== 'release' && plan.mode !== 'deploy') return undefined
  if (plan.services.length === 0) return undefined
  return plan.images[0]?.commit ?? context.sha
}

async function create(
  request: DeploymentRequest,
  ports: AnnouncePorts,
): Promise<number | undefined> {
  const tell = (text: string): void => ports.report.warning(text)
  return await attempt(tell, () => ports.github.createDeployment(request))
}

/** A deployment that GitHub shows. */
class ShownDeployment {
  readonly #id: number
  readonly #environment: EnvironmentInputs
  readonly #ports: AnnouncePorts
  #end: Promise<unknown> | undefined
  #warned = false

  constructor(id: number, environment: EnvironmentInputs, ports: AnnouncePorts) {
    this.#id = id
    this.#environment = environment
    this.#ports = ports
  }

  async during(work: () => Promise<RunEnd>): Promise<RunEnd> {
    const { signal } = this.#ports
    await this.#set('in_progress', 'the deployment is under way')
    // At once: the time after a signal is short.
    const cancelled = () => void this.#conclude('cancelled', undefined)
    signal.addEventListener('abort', cancelled, { once: true })
    try {
      signal.throwIfAborted()
      const end = await work()
      await this.#conclude(end.outcome, end.error?.code)
      return end
    } catch (error) {
      const { code } = toActionError(error)
      await this.#conclude(code === 'cancelled' ? code : 'failed', code)
      throw error
    } finally {
      signal.removeEventListener('abort', cancelled)
    }
  }

  /** The first end that is told stays. */
  async #conclude(outcome: Outcome, errorCode: string | undefined): Promise<void> {
    this.#end ??= this.#set(stateOf(outcome), describeEnd(outcome, errorCode))
    await this.#end
  }

  async #set(state: DeploymentStatus['state'], description: string): Promise<void> {
    const { serverUrl, repository, runId, runAttempt } = this.#ports.context
    const logUrl = `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`
    const status = { state, description, logUrl, environmentUrl: this.#environment.url }
    const { github } = this.#ports
    await attempt(
      (text) => this.#tell(text),
      () => github.setDeploymentStatus(this.#id, status),
    )
  }

  /** What fails at the beginning will fail in the end, too. */
  #tell(text: string): void {
    if (this.#warned) this.#ports.report.detail(text)
    else this.#ports.report.warning(text)
    this.#warned = true
  }
}

async function attempt<T>(
  tell: (warning: string) => void,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error
    const why = describeGitHubFailure(error, 'deployments: write')
    tell(`deployment-environment: ${why}; the run goes on`)
    return undefined
  }
}
