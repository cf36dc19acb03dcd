/**
 * Runs a task for each item, `most` of them at a time, and gives the results in the order of the items; whoever takes them
 * slowly holds up what has not begun. Rejects where a task did, and begins no more of them.
 */
export async function* ahead<Item, Result>(
  items: readonly Item[],
  most: number,
  task: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begin = (item: Item) => {
    const begun = task(item)
    // Where an earlier one fails, nobody is left to hear of it.
    begun.catch(() => {})
    return begun
  }
  const begun = items.slice(0, most).map(begin)
  for (const next of items.slice(most)) {
    yield await begun.shift()!
    begun.push(begin(next))
  }
  for (const rest of begun) yield await rest
}
