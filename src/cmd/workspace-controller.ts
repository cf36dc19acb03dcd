import process from 'node:process'
import { workspace } from '#src/controllers/workspace/index.ts'
import { main } from '#src/lib/main.ts'

await main(workspace, process)
