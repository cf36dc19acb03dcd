import t from 'tap'
import { kradleProcesses, processFlags } from '#hack/local/kradle-processes.ts'

const values = {
  kubeconfig: '/k',
  health: '127.0.0.1:1',
  listen: '127.0.0.1:2',
  webhookUrl: 'https://127.0.0.1:2',
  apiserverUrl: undefined,
  databaseUrlFile: '/u',
}
const flagsOf = (name: string, apiserverUrl?: string) =>
  processFlags(
    kradleProcesses.find(process => process.name === name)!,
    { ...values, apiserverUrl },
  )

const common = ['--kubeconfig', '/k', '--health', '127.0.0.1:1']
t.same(flagsOf('webhook'), [...common, '--listen', '127.0.0.1:2'])
t.same(flagsOf('admission-controller'), [...common, '--webhook-url', 'https://127.0.0.1:2'])
t.same(flagsOf('identity-controller'), common)
t.same(flagsOf('admission-controller', 'https://localhost:3').slice(-2), [
  '--apiserver-url',
  'https://localhost:3',
])
t.same(flagsOf('apiserver'), [...common, '--listen', '127.0.0.1:2', '--database-url-file', '/u'])
