import t from 'tap'
import { isSensitiveKey } from '#src/permissions/sensitive-keys.ts'

for (const key of [
  'db-password',
  'API_KEY',
  'apikey',
  'github.token',
  'private-key.pem',
  'credentials',
])
  t.ok(isSensitiveKey(key), key)
for (const key of ['allowed-scripts.json', 'key', 'keyboard', 'config.yaml', 'public.pem'])
  t.notOk(isSensitiveKey(key), key)
