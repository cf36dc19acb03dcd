import { resolve } from 'node:path'
import { findBinary } from '#hack/local/binaries.ts'
import { quiet } from '#hack/local/progress.ts'
import { settingsFrom } from '#hack/local/settings.ts'
import { policy } from '#src/cli/policy.ts'
import { kyvernoCli } from './artefacts.ts'

// `npm run test:policies`: the catalogue with the Kyverno that was built, else by Kradle alone; nothing is built for it.

const repository = resolve(import.meta.dirname, '../../..')
const print = (text: string): void => void process.stdout.write(text)
const program = await findBinary(kyvernoCli, settingsFrom(process.env, repository), quiet)
if (program === undefined)
  print(
    "policies/ is judged by Kradle alone: Kyverno's command line is not there, and `node hack/local/main.ts binaries --kyverno` builds it\n",
  )
process.exitCode = await policy(
  [
    'test',
    '--quiet',
    ...(program === undefined ? ['--without-kyverno'] : ['--kyverno', program]),
    ...(process.argv.length > 2 ? process.argv.slice(2) : [resolve(repository, 'policies')]),
  ],
  print,
)
