import process from 'node:process'
import { repository } from '#src/controllers/repository/index.ts'
import { main } from '#src/lib/main.ts'

await main(repository, process)
