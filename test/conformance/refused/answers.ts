/** API servers of different versions differ in what they say around it: the value, and that more might be wrong. */
export function partsOf(answer: string): readonly string[] {
  const said = answer
    .replace(/^.*? is (invalid|forbidden): /, '')
    .replace(/^.*? denied (the )?request: /, '')
  const lines = answer.includes(' is invalid: ') ? causesOf(said) : said.split('\n')
  return lines.flatMap(line => {
    const schema =
      /^(\S+): (?:Invalid value|Forbidden|Required value|Unsupported value):? ?(.*)$/.exec(line)
    const [field, why] = schema ? [`${schema[1]}: `, schema[2]!] : ['', line]
    return [field, anyNumber(why)].filter(Boolean)
  })
}

const causesOf = (said: string): readonly string[] =>
  said
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/, <nil>: Invalid value: null: some validation rules were not checked.*$/, '')
    .split('\n')

/** A size in bytes depends on the name of the organisation. */
const anyNumber = (text: string): string => text.replace(/\b\d{6} bytes/, '... bytes')
