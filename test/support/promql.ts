/** A metric in an expression, with the labels that it is selected by. */
export interface Selected {
  readonly metric: string
  readonly labels: readonly string[]
}

/** What a test can know of PromQL without Prometheus: its words, and whether brackets are closed. */
export interface Read {
  readonly selected: readonly Selected[]
  /** Labels that results are grouped by. */
  readonly grouped: readonly string[]
  /** Words that are neither metric nor part of the language. */
  readonly unknown: readonly string[]
  readonly isBalanced: boolean
}

const WORDS = new Set(
  `absent and by changes count group histogram_quantile increase last_over_time max max_over_time min
   min_over_time offset or rate sum time topk unless vector`.split(/\s+/),
)

const METRIC = /\b(?:kradle|process|nodejs)_\w+|\bup\b(?=\{)/g

/** Reads an expression; strings in it must hold no brackets. */
export function readPromql(expr: string): Read {
  const selected = [...expr.matchAll(new RegExp(`(${METRIC.source})(?:\\{([^}]*)\\})?`, 'g'))].map(
    ([, metric = '', within = '']) => ({
      metric,
      labels: [...within.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
    }),
  )
  const groupings = /\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g
  const grouped = [...expr.matchAll(groupings)].flatMap(([, list = '']) => list.split(/\s*,\s*/))
  const rest = expr
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(groupings, '')
    .replaceAll(/\boffset \d+[smhd]\b/g, '')
    .replaceAll(METRIC, '')
  const unknown = (rest.match(/[a-z_]\w*/gi) ?? []).filter(
    word => !WORDS.has(word) && word !== 'up',
  )
  return { selected, grouped, unknown, isBalanced: isBalanced(expr) }
}

function isBalanced(expr: string): boolean {
  const open: string[] = []
  for (const sign of expr.match(/[()[\]{}]/g) ?? []) {
    const at = '([{'.indexOf(sign)
    if (at >= 0) open.push(')]}'[at]!)
    else if (open.pop() !== sign) return false
  }
  return open.length === 0 && (expr.split('"').length - 1) % 2 === 0
}
