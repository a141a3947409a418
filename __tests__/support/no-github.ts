import { createGitHub } from '../../src/adapters/github/rest.ts'

/** GitHub for a job that gave no token: asks nobody, and says so. */
export const noGitHub = createGitHub({ apiUrl: '', repository: 'octo/shop', token: undefined })
