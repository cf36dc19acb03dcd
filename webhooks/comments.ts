import { isMap, listOf, textOf, type Untyped } from '#src/permissions/untyped.ts'
import type { ReviewedObject } from './rule.ts'

/** The comments of an object by their ids; what has none is for the schema to refuse. */
export const commentsOf = (object: ReviewedObject | undefined): ReadonlyMap<string, Untyped> =>
  new Map(
    listOf(object?.spec['comments'])
      .filter(isMap)
      .filter(({ id }) => typeof id === 'string')
      .map(comment => [textOf(comment['id']), comment]),
  )
