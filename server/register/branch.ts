/** The branches (支会) of the union as a tree: a few hundred, so it is looked at in memory. */

export const MAX_BRANCHES = 500

export interface Node {
  id: string
  /** Empty: it belongs to the union itself. */
  parentId: string
  name: string
}

/** A branch and all that belong to it. */
export function below<Each extends Node>(branches: readonly Each[], id: string): Set<string> {
  const children = Map.groupBy(branches, ({ parentId }) => parentId)
  const found = new Set([id])
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child.id)
  return found
}

/** Whether it would belong to itself, which no tree survives. */
export const wouldCircle = (branches: readonly Node[], id: string, parentId: string) =>
  below(branches, id).has(parentId)

/** Parents before their children, brothers and sisters by name. */
export function inOrder<Each extends Node>(branches: readonly Each[]): Each[] {
  const children = Map.groupBy(branches, ({ parentId }) => parentId)
  const ordered: Each[] = []
  const visit = (id: string) => {
    for (const each of (children.get(id) ?? []).toSorted((a, b) => a.name.localeCompare(b.name, 'zh'))) {
      ordered.push(each)
      visit(each.id)
    }
  }
  visit('')
  return ordered
}

/** 东港镇/码头村: a branch with those above it. */
function pathOf(byId: ReadonlyMap<string, Node>, id: string): string[] {
  const names: string[] = []
  for (let each = byId.get(id); each && names.length < MAX_BRANCHES; each = byId.get(each.parentId))
    names.unshift(each.name)
  return names
}

/**
 * Which branch a sheet means: by its name, or by a path that ends in it (东港镇/码头村). `several`: more than one is
 * called that.
 */
export function branchesByName(branches: readonly Node[]) {
  const byId = new Map(branches.map((each) => [each.id, each]))
  const byPath = new Map<string, string[]>()
  for (const { id } of branches) {
    const path = pathOf(byId, id)
    for (let from = 0; from < path.length; from++) {
      const end = path.slice(from).join('/')
      byPath.set(end, [...(byPath.get(end) ?? []), id])
    }
  }
  return (written: string): { id: string } | 'several' | undefined => {
    const path = written
      .normalize('NFKC')
      .trim()
      .split(/\s*[/\\>]\s*/)
    const [id, ...others] = byPath.get(path.filter(Boolean).join('/')) ?? []
    return others.length ? 'several' : id === undefined ? undefined : { id }
  }
}
