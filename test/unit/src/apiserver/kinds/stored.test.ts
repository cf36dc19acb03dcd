import t from 'tap'
import { stored } from '#src/apiserver/kinds/stored.ts'

const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'one' }, spec: { a: 1 } }
t.strictSame(stored('Pending').prepareForCreate!(object, {}, ''), {
  ...object,
  status: { phase: 'Pending', storage: 'postgres' },
})
t.strictSame(stored(undefined).prepareForCreate!(object, {}, '')['status'], { storage: 'postgres' })
