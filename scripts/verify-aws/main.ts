// npm run verify:aws -- --help
import { verify } from './verify.ts'

process.exitCode = await verify(process.argv.slice(2), process.env)
