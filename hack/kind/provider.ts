/** How clusters are made on this machine. */
export interface Provider {
  /** What the image is built on. */
  readonly base: string
  /** Sees to it that docker has the base, or can fetch it. */
  prepareBase(): Promise<void>
  /** Folders with kind and whatever else it has, for PATH. */
  readonly path: readonly string[]
  /** Makes the cluster, or brings an existing one in order again, after its nodes were restarted say. Resolves to its kubeconfig. */
  create(name: string): Promise<string>
  /** Puts images of docker's into every node. */
  load(name: string, images: readonly string[]): Promise<void>
  /** Images that the chart names and no node could fetch. */
  readonly extraImages: readonly string[]
  /** Installs Kyverno and waits until it is ready. */
  installKyverno(kubeconfig: string, flags: readonly string[]): Promise<void>
  delete(name: string): Promise<void>
}
