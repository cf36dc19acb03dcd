import process from 'node:process'
import { artifact } from '#src/controllers/artifact/index.ts'
import { main } from '#src/lib/main.ts'

await main(artifact, process)
