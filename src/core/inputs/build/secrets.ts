import { readElements, splitPair } from './elements.ts'
import type { InputReader } from '../reader.ts'

/** What `RUN --mount=type=secret,id=…` gets, and from where. */
export type BuildSecret =
  | { readonly kind: 'text'; readonly id: string; readonly text: string }
  /** A variable of the job. */
  | { readonly kind: 'variable'; readonly id: string; readonly name: string }
  /** Relative to the workspace. */
  | { readonly kind: 'file'; readonly id: string; readonly path: string }

/** The most bytes that a secret of a build may have (BuildKit: MaxSecretSize). */
export const maxSecretBytes = 500 * 1024

const inputs = ['secrets', 'secret-envs', 'secret-files'] as const
type SecretInput = (typeof inputs)[number]

/** Of `secrets`, `secret-envs` and `secret-files`. */
export function readSecrets(reader: InputReader): readonly BuildSecret[] {
  const seen = new Set<string>()
  return inputs.flatMap((input) => {
    const elements =
      input === 'secret-envs'
        ? reader.list(input)
        : readElements(reader, input, input === 'secrets' ? 'kept' : 'trimmed')
    return elements.flatMap((element, index) => {
      const secret = parseSecret(input, element)
      // The element itself is not shown: whoever mistook the form wrote a secret into it.
      if (secret === undefined) reader.reject(input, `has no ${forms[input]} at ${index + 1}`)
      else if (seen.has(secret.id)) reader.reject(input, `has the id "${secret.id}" twice`)
      else if (isArn(secret)) reader.reject(input, arnMessage(secret.id))
      seen.add(secret?.id ?? '')
      return secret ?? []
    })
  })
}

const forms: Readonly<Record<SecretInput, string>> = {
  secrets: 'ID=value',
  'secret-envs': 'ID=VARIABLE',
  'secret-files': 'ID=path',
}

function parseSecret(input: SecretInput, element: string): BuildSecret | undefined {
  const [id = '', value = ''] = splitPair(element) ?? []
  if (!/^[\w./@:-]+$/.test(id) || value === '') return undefined
  switch (input) {
    case 'secrets':
      return { kind: 'text', id, text: value }
    case 'secret-envs':
      return /^[A-Za-z_]\w*$/.test(value) ? { kind: 'variable', id, name: value } : undefined
    case 'secret-files':
      return { kind: 'file', id, path: value }
  }
}

/** `secrets` of aws-actions/amazon-ecs-render-task-definition are another thing. */
function isArn(secret: BuildSecret): boolean {
  return secret.kind === 'text' && /^arn:aws[a-z-]*:(ssm|secretsmanager):/.test(secret.text)
}

function arnMessage(id: string): string {
  return `has the ARN of a stored secret as "${id}"; these are secrets of the build, those of a container go into \`container-secrets\``
}
