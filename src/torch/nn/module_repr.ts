/** The text of a module: its class, its own facts and its children, indented. */

import type { Module } from './module.ts'

/** Lines after the first moved in by two; blank ones stay blank. */
function indented(text: string): string {
  const [first, ...rest] = text.split('\n')
  return [first, ...rest.map((line) => (line.trim() === '' ? '' : `  ${line}`))].join('\n')
}

/** `Linear(in_features=2, out_features=3, bias=True)`, and one line a child for modules that have some. */
export function reprOf(module: Module): string {
  const extra = module.extra_repr()
  const facts = extra === '' ? [] : extra.split('\n')
  const children = [...module._modules()].map(([name, child]) => `(${name}): ${child === null ? 'None' : indented(child.toString())}`)
  return bracketed(module._get_name(), facts, children)
}

/** A name with its facts and children in parentheses. */
export function bracketed(name: string, facts: readonly string[], children: readonly string[]): string {
  if (facts.length + children.length === 0) return `${name}()`
  if (facts.length === 1 && children.length === 0) return `${name}(${facts[0]})`
  return `${name}(\n  ${[...facts, ...children].join('\n  ')}\n)`
}
