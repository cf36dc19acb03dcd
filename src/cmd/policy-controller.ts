import process from 'node:process'
import { policy } from '#src/controllers/policy/index.ts'
import { main } from '#src/lib/main.ts'

await main(policy, process)
