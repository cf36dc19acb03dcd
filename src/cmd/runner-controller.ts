import process from 'node:process'
import { runner } from '#src/controllers/runner/index.ts'
import { main } from '#src/lib/main.ts'

await main(runner, process)
