import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import type { Operation } from '#src/api/admission/v1.ts'
import type { Kind } from '#src/api/kind.ts'
import { everyKind } from '#src/api/kinds.ts'
import type { KubernetesObject } from '#src/api/object.ts'
import { changed, type Change } from '#test/support/cases/change.ts'
import { readRequest } from '#webhooks/request.ts'
import type { Request } from '#webhooks/rule.ts'
import { admissionRequest } from './fixtures.ts'

/** The namespace of all examples. */
export const namespace = 'kradle-org-acme'

/** The example of a kind with changes to it; of activity, or of configuration. */
export function example(kind: Kind, change: Change = {}): KubernetesObject {
  const folder = kind.group === 'kradle.a5c.ai' ? 'docs/examples' : 'docs/activity-examples'
  const file = readFileSync(`${folder}/${kind.kind.toLowerCase()}.yaml`, 'utf8')
  return changed(parseAllDocuments(file).at(-1)!.toJS() as KubernetesObject, change)
}

/** A write of an example with changes to it, by somebody; `before` is what is stored, as changes to the example. */
export function write(
  operation: Operation,
  kind: Kind,
  change: Change = {},
  { as = 'jane', before = {} }: { as?: string; before?: Change } = {},
): Request {
  const old = operation === 'UPDATE' ? example(kind, before) : undefined
  return readRequest({
    ...admissionRequest(operation, kind, example(kind, change), old),
    userInfo: { username: as, groups: ['system:authenticated'] },
  })
}

/** One of Kradle's own programs. */
export const controller = (name: string): string => `system:serviceaccount:kradle-system:${name}`

/** The kind of that name. */
export const kindNamed = (name: string): Kind => everyKind.find(({ kind }) => kind === name)!
