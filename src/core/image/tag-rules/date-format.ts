import { TagRuleError } from './tag-rule-error.ts'

type Numbers = Readonly<Record<string, number>>

const two = (value = 0): string => String(value).padStart(2, '0')

// Those of moment's tokens that image tags are made of; the rest are names of days, eras and zones.
const tokens: Readonly<Record<string, (numbers: Numbers, date: Date) => string>> = {
  YYYY: ({ year }) => String(year).padStart(4, '0'),
  YY: ({ year = 0 }) => two(year % 100),
  MM: ({ month }) => two(month),
  M: ({ month }) => String(month),
  DD: ({ day }) => two(day),
  D: ({ day }) => String(day),
  HH: ({ hour }) => two(hour),
  H: ({ hour }) => String(hour),
  mm: ({ minute }) => two(minute),
  m: ({ minute }) => String(minute),
  ss: ({ second }) => two(second),
  s: ({ second }) => String(second),
  X: (_numbers, date) => String(Math.floor(date.getTime() / 1000)),
  x: (_numbers, date) => String(date.getTime()),
  T: () => 'T',
}

/**
 * A writer of dates in moment's format language.
 * @param format Tokens {@link tokens}; `[text]` is text; what is no letter stands for itself.
 * @param timeZone IANA name.
 * @throws TagRuleError naming the token or time zone that is not known.
 */
export function compileDateFormat(format: string, timeZone: string): (date: Date) => string {
  const calendar = calendarOf(timeZone)
  const writers = [...format.matchAll(/\[([^\]]*)\]|([A-Za-z])\2*|[^A-Za-z]/g)].map((found) => {
    const [text, literal, letter] = found
    if (literal !== undefined) return () => literal
    if (letter === undefined) return () => text
    const token = Object.hasOwn(tokens, text) ? tokens[text] : undefined
    if (token !== undefined) return token
    throw new TagRuleError(
      `has the date token "${text}"; known are ${Object.keys(tokens).join(' ')}, and text in [brackets]`,
    )
  })
  return (date) => {
    const parts = calendar.formatToParts(date)
    const numbers = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
    return writers.map((write) => write(numbers, date)).join('')
  }
}

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new TagRuleError(`names the time zone "${timeZone}", which is not known`)
  }
}
