import fc from 'fast-check'

const pieces = [
  ...['|', '`', '```', '``````', '\n', '\r', '\r\n', '\u2028', ' ', '    ', '\t', '\\', '&', ';'],
  ...[
    '<',
    '>',
    '</details>',
    '<!--',
    '<script>',
    '[x](https://example.com)',
    '![',
    '**',
    '_',
    '~~',
  ],
  ...['# ', '- ', '1. ', '> ', '---', '===', '@octocat', 'www.example.com', '&#124;', 'text'],
  ...['::error::', '::add-mask::', '::stop-commands::', '##[error]', '%0A', '\u0000', '\u001B[31m'],
]

/** Text made to break out of Markdown, HTML or the runner's log. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string()), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''))
