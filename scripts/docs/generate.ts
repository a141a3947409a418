// Writes the tables of README.md from action.yml, which is their only source.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { readManifest, withTables } from './readme-tables.ts'

const root = join(import.meta.dirname, '..', '..')
const readme = join(root, 'README.md')
const manifest = readManifest(readFileSync(join(root, 'action.yml'), 'utf8'))
writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), manifest))
