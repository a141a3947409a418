import dayjs from 'dayjs'
import advancedFormat from 'dayjs/plugin/advancedFormat.js'
import isoWeek from 'dayjs/plugin/isoWeek.js'
import timezone from 'dayjs/plugin/timezone.js'
import utc from 'dayjs/plugin/utc.js'
import weekOfYear from 'dayjs/plugin/weekOfYear.js'
import weekYear from 'dayjs/plugin/weekYear.js'
import { TagRuleError } from './tag-rule-error.ts'

for (const plugin of [utc, timezone, advancedFormat, isoWeek, weekOfYear, weekYear]) {
  dayjs.extend(plugin)
}

/** Those of moment's tokens that are written alike here; names are English. */
const tokens = new Set(
  'YY YYYY M MM MMM MMMM D DD Do d dd ddd dddd H HH h hh k kk m mm s ss SSS A a Z ZZ Q w ww W WW gggg GGGG X x T'.split(
    ' ',
  ),
)

/**
 * A writer of dates in moment's format language.
 * @param format Tokens {@link tokens}; `[text]` is text; what is no letter stands for itself.
 * @param timeZone IANA name.
 * @throws TagRuleError naming the token or time zone that is not known.
 */
export function compileDateFormat(format: string, timeZone: string): (date: Date) => string {
  checkZone(timeZone)
  const parts = [...format.matchAll(/\[([^\]]*)\]|Do|([A-Za-z])\2*|[^A-Za-z]/g)].map(([part]) => {
    if (/^[A-Za-z]/.test(part) && !tokens.has(part)) {
      throw new TagRuleError(
        `has the date token "${part}"; known are ${[...tokens].join(' ')}, and text in [brackets]`,
      )
    }
    return part === 'T' ? '[T]' : part
  })
  const known = parts.join('')
  return (date) => dayjs(date).tz(timeZone).format(known)
}

function checkZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone })
  } catch {
    throw new TagRuleError(`names the time zone "${timeZone}", which is not known`)
  }
}
