/** What helps where ECR says the same by its API and by the registry's protocol. */
export const quotaRemedy =
  'Delete old images with a lifecycle policy, or ask for a larger quota (images per repository, L-03A36CE1).'

export const keyRemedy = 'Enable the KMS key of the repository and its grant for ECR.'

export const incompleteRemedy =
  'Build it again; check that no lifecycle rule deletes untagged images that an index needs.'
