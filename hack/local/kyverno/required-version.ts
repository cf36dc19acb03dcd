/** The version of a module that a go.mod requires. */
export function requiredVersion(module: string, goMod: string): string | undefined {
  const lines = goMod.split('\n').map(line => line.trim().replace(/^require\s+/, ''))
  return lines.find(line => line.startsWith(`${module} v`))?.split(/\s+/)[1]
}
