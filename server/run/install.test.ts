import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

interface Package {
  version?: string
  integrity?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Package
const wanted = read('package.json')
const pinned = Object.entries({ ...wanted.dependencies, ...wanted.devDependencies })
const { packages } = read('package-lock.json') as { packages: Record<string, Package> }

/** Where npm would find a package for the one that lies at `from`. */
function found(from: string, name: string) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const place = `${at ? `${at}/` : ''}node_modules/${name}`
    if (packages[place]) return place
    if (!at) return undefined
  }
}

describe('the installation', () => {
  // npm hands SIGTERM to its shell, which dies of it and leaves a server behind that nobody told.
  it('has no shell between npm and a server that must hear when it is told to leave', () => {
    for (const name of ['start', 'dev']) expect(wanted.scripts![name]).toMatch(/^exec node /)
  })

  it('runs the tests on Node 24 or later, the one that the project brings', () => {
    expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24)
    expect(process.versions.node).toBe(wanted.dependencies!.node)
  })

  it('names exact versions, for npm on another Node would choose older ones by itself', () => {
    for (const [name, version] of pinned) {
      expect(version, name).toMatch(/^(npm:[@a-z/-]+@)?\d+\.\d+\.\d+(-[a-z0-9.]+)?$/)
    }
  })

  it('has installed what it names', () => {
    for (const [name, version] of pinned) {
      expect(`${name} ${read(`node_modules/${name}/package.json`).version}`).toBe(
        `${name} ${version.replace(/^npm:.*@/, '')}`
      )
    }
  })

  // npm drops the entries of other platforms when it updates a lock file over an existing node_modules (npm/cli#4828);
  // the next `npm ci` on such a platform then lacks its compiled half.
  it('locks every package for every platform', () => {
    const missing = Object.entries(packages).flatMap(([place, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !found(place, name))
        .map((name) => `${name} of ${place}`)
    )
    expect(missing).toEqual([])
    expect(Object.keys(packages).length).toBeGreaterThan(400)
  })

  it('locks every package by its checksum', () => {
    const loose = Object.entries(packages).filter(([place, { integrity }]) => place && !integrity)
    expect(loose.map(([place]) => place)).toEqual([])
  })
})
