import process from 'node:process'
import { webUi } from '#src/controllers/web-ui/index.ts'
import { main } from '#src/lib/main.ts'

await main(webUi, process)
