import { celList, celMethod, CelScalar, listType, type CelFunc } from '@bufbuild/cel'
import { findAll } from './regex-search.ts'

const { INT, STRING } = CelScalar

/** The library `kubernetes.regex`. */
export const regex: readonly CelFunc[] = [
  celMethod('find', STRING, [STRING], STRING, function (pattern) {
    return findAll(this, pattern, 1)[0] ?? ''
  }),
  celMethod('findAll', STRING, [STRING], listType(STRING), function (pattern) {
    return celList(findAll(this, pattern, Infinity))
  }),
  celMethod('findAll', STRING, [STRING, INT], listType(STRING), function (pattern, most) {
    return celList(findAll(this, pattern, most < 0n ? Infinity : Number(most)))
  }),
]
