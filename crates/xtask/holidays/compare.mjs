// Prints what the package `date-holidays` says: code, date and name with tabs between, one day a line.
// Usage: node compare.mjs FIRST LAST < codes, one a line. Codes the package does not have are left out.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

// The package is installed where the command runs, not beside this file.
const Holidays = createRequire(join(process.cwd(), 'package.json'))('date-holidays')

// Where the package has other names for a region.
const OTHER_NAMES = { 'FR-6AE': 'FR-67' }

const [first, last] = process.argv.slice(2).map(Number)
const states = {}

for (const code of readFileSync(0, 'utf8').split(/\s+/).filter(Boolean)) {
  const [country, region] = (OTHER_NAMES[code] ?? code).split('-')
  states[country] ??= Object.keys(new Holidays().getStates(country) ?? {})
  const state = states[country].find((state) => state.toUpperCase() === region)
  if (region && !state) continue
  const options = { languages: ['en'], types: ['public'] }
  const calendar = state ? new Holidays(country, state, options) : new Holidays(country, options)
  const lines = new Set()
  for (let year = first; year <= last; year += 1) {
    for (const holiday of calendar.getHolidays(year)) {
      lines.add([code, holiday.date.slice(0, 10), holiday.name].join('\t'))
    }
  }
  for (const line of lines) console.log(line)
}
