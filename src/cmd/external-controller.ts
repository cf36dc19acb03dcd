import process from 'node:process'
import { external } from '#src/controllers/external/index.ts'
import { main } from '#src/lib/main.ts'

await main(external, process)
