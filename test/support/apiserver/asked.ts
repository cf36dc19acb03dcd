import { jsonEqual } from '#src/lib/json-diff.ts'
import type { Answer } from '#test/support/schema/api.ts'
import {
  createCases,
  deleteCases,
  patchCases,
  updateCases,
  type Case,
  type Json,
  type Stored,
} from './write-cases.ts'

/** One of the two that are asked the same. */
export interface Side {
  send(request: Case, body: string): Promise<Answer>
  stored(name: string): Promise<Json | undefined>
}

/** What came of a request, without what nobody can foresee. */
export interface Asked {
  readonly code: number
  readonly body: unknown
  readonly warnings: readonly string[]
  /** Whether there is another version now. */
  readonly changed: boolean
  /** What is stored after it. */
  readonly stored: Readonly<Record<string, unknown>>
}

const names = [
  ...new Set(
    [createCases, updateCases, patchCases, deleteCases].flatMap(cases =>
      cases.flatMap(({ name, body }) => {
        const metadata = (body as { metadata?: { name?: string } } | undefined)?.metadata
        return [name, metadata?.name].filter(
          found => typeof found === 'string' && /^[a-z0-9]+$/.test(found),
        )
      }),
    ),
  ),
] as string[]

export async function ask(side: Side, request: Case): Promise<Asked> {
  const before = await storedBy(side)
  const { body = '' } = request
  const made: unknown =
    typeof body === 'function'
      ? (body as (stored: Stored) => unknown)(
          name => structuredClone(before[name]) as ReturnType<Stored>,
        )
      : body
  const answer = await side.send(request, typeof made === 'string' ? made : JSON.stringify(made))
  const after = await storedBy(side)
  const name = request.name ?? ''
  return {
    code: answer.status,
    body: seen(answer.body),
    warnings: answer.warnings,
    changed: !jsonEqual(versionOf(before[name]), versionOf(after[name])),
    stored: seen(after) as Json,
  }
}

async function storedBy(side: Side): Promise<Record<string, Json>> {
  const found = await Promise.all(names.map(async name => [name, await side.stored(name)] as const))
  return Object.fromEntries(found.filter(([, object]) => object)) as Record<string, Json>
}

const versionOf = (object: Json | undefined): unknown =>
  (object?.['metadata'] as Json | undefined)?.['resourceVersion'] ?? null

/** Without what nobody can foresee. */
function seen(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => seen(item))
    // An order that Go leaves to chance.
    return key === 'causes' ? items.map(item => JSON.stringify(item)).toSorted() : items
  }
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== 'managedFields')
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => [name, name === 'resourceVersion' ? '<version>' : seen(item, name)]),
    )
  if (typeof value !== 'string') return value
  // The same chance, in the message.
  const list = /^(.* is invalid: )\[(.*)\]$/s.exec(value)
  if (list)
    return `${String(seen(list[1]))}${list[2]!
      .split(/, (?=[\w.<>[\]]+: (?:Invalid|Required|Unsupported|Too|Forbidden|Duplicate))/)
      .map(item => String(seen(item)))
      .toSorted()
      .join(' AND ')}`
  return (
    value
      // Every parser of YAML has its own words.
      .replaceAll(/yaml: line \d+: .*/g, 'yaml: <fault>')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replaceAll(/20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, time =>
        time.startsWith('2020') ? time : '<time>',
      )
      .replaceAll(/\b([Gg]en[-_]x*)[a-z0-9]{5}\b/g, '$1<random>')
      .replaceAll(/\(\d+\)/g, '(<version>)')
      .replaceAll(/"managedFields":\[.*?\],"name"/g, '"name"')
      .replaceAll(/"resourceVersion":"\d+"/g, '"resourceVersion":"<version>"')
      .replaceAll(/\\"managedFields\\":\[.*?\],\\"name\\"/g, '\\"name\\"')
      .replaceAll(/\\"resourceVersion\\":\\"\d+\\"/g, '\\"resourceVersion\\":\\"<version>\\"')
  )
}
