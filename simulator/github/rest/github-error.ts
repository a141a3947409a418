import type { JsonObject } from '../../wire/service.ts'

const DOCUMENTATION = 'https://docs.github.com/rest'

/** A refusal as GitHub's REST API words it. */
export class GitHubError extends Error {
  readonly status: number
  readonly members: JsonObject
  readonly documentationUrl: string

  constructor(status: number, message: string, page = '', members: JsonObject = {}) {
    super(message)
    this.name = 'GitHubError'
    this.status = status
    this.members = members
    this.documentationUrl = page === '' ? DOCUMENTATION : `${DOCUMENTATION}/${page}`
  }
}

/** 422 with one wrong or missing field. */
export function validationFailed(
  resource: string,
  field: string,
  code: string,
  page: string,
): GitHubError {
  const errors = [{ resource, code, field }]
  return new GitHubError(422, 'Validation Failed', page, { errors })
}
