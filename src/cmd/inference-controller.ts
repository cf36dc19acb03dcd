import process from 'node:process'
import { inference } from '#src/controllers/inference/index.ts'
import { main } from '#src/lib/main.ts'

await main(inference, process)
