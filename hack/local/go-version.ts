/** Whether `found` (as `go env GOVERSION` prints it) is at least `needed`. A release candidate is older than its release. */
export function goIsRecent(found: string, needed: string): boolean {
  const [have, want] = [numbers(found), numbers(needed)]
  const differs = [0, 1, 2].find(index => have[index] !== want[index])
  if (differs === undefined) return !/rc|beta/.test(found)
  return Number(have[differs]) > Number(want[differs])
}

/** One line: what is missing and the ways out of it. */
export function goProblem(
  found: string | undefined,
  needed: string,
  binary: { name: string; version: string },
): string {
  const have = found ? `found ${found.replace(/^go/, 'Go ')}` : 'found no Go'
  return (
    `${binary.name} has to be built and needs Go >= ${needed}, ${have}: install Go ${needed} or newer, ` +
    `or put ${binary.name} ${binary.version} on PATH or into the folder $KUBEBUILDER_ASSETS names`
  )
}

function numbers(version: string): [number, number, number] {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []
  return [Number(found[1] ?? 0), Number(found[2] ?? 0), Number(found[3] ?? 0)]
}
