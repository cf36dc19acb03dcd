/** Paths as the API server's field package writes them: `spec.keys[0]`, `spec.labels[a]`; '' is the object itself. */
export const child = (path: string, name: string): string => (path ? `${path}.${name}` : name)

export const keyed = (path: string, key: string | number): string => `${path}[${key}]`
