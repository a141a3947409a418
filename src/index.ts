import { run } from './main.ts'

// Awaited: a promise that never settles then ends with exit code 13 instead of a green 0.
await run()
