import process from 'node:process'
import { hooks } from '#src/controllers/hooks/index.ts'
import { main } from '#src/lib/main.ts'

await main(hooks, process)
