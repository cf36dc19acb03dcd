/** What an API server takes from one client without others noticing. */
const ABREAST = 8

/** Works through a list, some at a time: all at once, large objects keep an API server busy for longer than a request may take. */
export async function abreast<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += ABREAST)
    results.push(...(await Promise.all(items.slice(at, at + ABREAST).map(item => work(item)))))
  return results
}
