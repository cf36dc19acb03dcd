import process from 'node:process'
import { agents } from '#src/controllers/agents/index.ts'
import { main } from '#src/lib/main.ts'

await main(agents, process)
