import prettier from 'eslint-config-prettier'
import tseslint from 'typescript-eslint'

/** Import patterns that name a layer of src/, whatever the relative path. */
const layer = (name) => ({
  regex: `^(\\.\\./|\\./)+(src/)?${name}/`,
  message: `src/${name} is not for this layer (the map is in .github/CONTRIBUTING.md)`,
})
const effects = {
  regex:
    '^(@actions/|@aws-sdk/|@smithy/|node:(child_process|fs|http|https|net|tls|os|timers|process))',
  message: 'effects belong to src/adapters, behind a port',
}
const outside = {
  regex: '(^|/)(simulator|scripts|__tests__|bench|examples)/',
  message: 'nothing in src/ knows about tests, tools or the simulator',
}
const untooled = {
  regex: '(^|/)(src|__tests__|bench|examples)/',
  message: 'tools run what is built; they know nothing of src/ and of tests',
}
const only = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })
const pure = {
  'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch', 'console'],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'time comes through ports.clock' },
    { object: 'Math', property: 'random', message: 'chance comes through ports' },
  ],
}

export default tseslint.config(
  { ignores: ['dist/', 'lib/', 'coverage/', 'node_modules/', '.world/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'exports have names' },
      ],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  // The layers of src/: core <- ports <- stages, adapters <- the entries. Imports point left only.
  {
    files: ['src/core/**/*.ts'],
    rules: {
      ...pure,
      ...only(layer('ports'), layer('stages'), layer('adapters'), effects, outside),
    },
  },
  {
    files: ['src/ports/**/*.ts'],
    rules: { ...pure, ...only(layer('stages'), layer('adapters'), effects, outside) },
  },
  {
    files: ['src/stages/**/*.ts'],
    rules: { ...pure, ...only(layer('adapters'), effects, outside) },
  },
  { files: ['src/adapters/**/*.ts'], rules: only(layer('stages'), outside) },
  { files: ['src/*.ts'], rules: only(effects, outside) },
  // The simulator is a product of its own: it knows nothing of the action.
  {
    files: ['simulator/**/*.ts'],
    rules: only({
      regex: '(^|/)(src|scripts|__tests__|bench|examples)/',
      message: 'the simulator knows neither the action nor its tools',
    }),
  },
  // Tools run what is built; a private machine knows nothing but itself.
  { files: ['scripts/**/*.ts'], rules: only(untooled) },
  {
    files: ['scripts/world/**/*.ts'],
    rules: only(untooled, {
      regex: '(^|/)(simulator|demo|ci|docs|verify-aws)/',
      message: 'a private machine is for any program',
    }),
  },
  {
    // A describe block is a table of contents, not a function.
    files: ['__tests__/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', { max: 400 }] },
  },
  prettier,
)
