/** One way in which a client takes an answer. */
export interface Clause {
  /** e.g. `application`; `*` for any. */
  readonly type: string
  readonly subtype: string
  readonly parameters: Readonly<Record<string, string>>
}

/** What an Accept header takes, best first; none at all takes anything. */
export function clausesOf(accept: string | undefined): readonly Clause[] {
  const clauses = (accept || '*/*').split(',').map(text => {
    const [range = '', ...parameters] = text.split(';').map(part => part.trim())
    const [type = '', subtype = '*'] = range.split('/')
    const pairs = parameters.map(parameter => {
      const [name = '', value = ''] = parameter.split('=')
      return [name.trim(), value.trim()] as const
    })
    const { q, ...rest } = Object.fromEntries(pairs)
    return { type, subtype, parameters: rest, quality: q === undefined ? 1 : Number(q) }
  })
  return clauses.filter(({ quality }) => quality > 0).toSorted((a, b) => b.quality - a.quality)
}

/** Whether JSON will do. */
export const takesJson = ({ type, subtype }: Clause): boolean =>
  ['application', '*'].includes(type) && ['json', '*'].includes(subtype)

/** The type that JSON is to be converted into, e.g. `v2.apidiscovery.k8s.io/APIGroupDiscoveryList`; '' for none. */
export const conversionOf = ({ parameters: { as, g = '', v = '' } }: Clause): string =>
  as === undefined ? '' : `${v}.${g}/${as}`
