import process from 'node:process'
import { grants } from '#src/controllers/grants/index.ts'
import { main } from '#src/lib/main.ts'

await main(grants, process)
