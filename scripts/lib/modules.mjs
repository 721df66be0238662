// The sources as JavaScript: classes named for good, and, for bundlers, one module each, written so that they can tell what nobody uses.
//
// Declarations run code when a module is loaded (`const add = ufunc({ ... })`), and a bundler must keep what it cannot see through. All such code
// here only makes the value that it is named after, so `pure` marks it: what does more than that is a statement of its own, and modules that have
// one are listed under `sideEffects` in package.json, which `writeModules` compares.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { transform } from 'esbuild'
import ts from 'typescript'

const { SyntaxKind } = ts

/** All sources below a folder, as paths from it. */
export function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
    .sort()
}

/** A source as JavaScript: without types and comments, its classes named for good. */
export async function javascript(file) {
  const { code } = await transform(readFileSync(file, 'utf8'), { loader: 'ts', format: 'esm', target: 'es2022', sourcefile: file })
  return named(code)
}

/** An esbuild plugin that loads the sources so. */
export const sourceLoader = () => ({
  name: 'numgrad-sources',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => ({ contents: await javascript(path), loader: 'js' }))
  },
})

/** The face that gives tensors their methods: whatever is taken from it needs them, so it is never skipped. */
const METHODS_FACE = 'torch/index.js'
/** The module that knows where the WebAssembly kernels are; its text lies beside them. */
const WASM_FILE = 'backends/wasm/file.js'

/** Writes the modules for bundlers, and fails when `sideEffects` lists others than those with statements that do something. */
export async function writeModules(src, folder) {
  const root = dirname(src)
  const listed = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).sideEffects
  const written = []
  const wrong = []
  for (const path of sources(src)) {
    const code = await javascript(join(src, path))
    const name = path.replace(/\.ts$/, '.js')
    const does = statementsWithEffects(code).length > 0 || name === METHODS_FACE
    if (does !== listed.includes(`./dist/modules/${name}`)) wrong.push(name)
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    const text = pure(code).replaceAll(/((?:from|import) ?\(?)"(\.{1,2}\/[^"]*)\.ts"/g, '$1"$2.js"')
    if (name === WASM_FILE) {
      writeFileSync(join(folder, '..', 'numgrad_wasm.js'), text.replace('"../../../build/numgrad.wasm"', '"./numgrad.wasm"'))
      writeFileSync(file, 'export { packageFile } from "../../../numgrad_wasm.js"\n')
    } else writeFileSync(file, text)
    written.push(name)
  }
  for (const name of readdirSync(folder, { recursive: true }))
    if (name.endsWith('.js') && !written.includes(name.replaceAll('\\', '/'))) rmSync(join(folder, name))
  if (wrong.length > 0)
    throw new Error(
      `build:ts: sideEffects in package.json must list the modules that do more than declare, and no others; wrong: ${wrong.join(', ')}`,
    )
}

/** Whether evaluating an expression does nothing that bundlers could take for an effect. */
function isPlain(node) {
  switch (node.kind) {
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.Identifier:
    case SyntaxKind.NumericLiteral:
    case SyntaxKind.BigIntLiteral:
    case SyntaxKind.StringLiteral:
    case SyntaxKind.NoSubstitutionTemplateLiteral:
    case SyntaxKind.RegularExpressionLiteral:
    case SyntaxKind.TrueKeyword:
    case SyntaxKind.FalseKeyword:
    case SyntaxKind.NullKeyword:
      return true
    case SyntaxKind.PrefixUnaryExpression:
      return ts.isNumericLiteral(node.operand)
    case SyntaxKind.ParenthesizedExpression:
      return isPlain(node.expression)
    case SyntaxKind.ArrayLiteralExpression:
      return node.elements.every((e) => !ts.isSpreadElement(e) && isPlain(e))
    case SyntaxKind.ObjectLiteralExpression:
      return node.properties.every((p) => {
        if (ts.isSpreadAssignment(p) || ts.isComputedPropertyName(p.name)) return false
        return ts.isPropertyAssignment(p) ? isPlain(p.initializer) : true
      })
    case SyntaxKind.ClassExpression:
      return isPlainClass(node)
    default:
      return false
  }
}

/** Whether making a class runs nothing: it extends a name, and its static members and keys are plain. */
function isPlainClass(node) {
  const parent = node.heritageClauses?.[0]?.types[0]?.expression
  if (parent && !ts.isIdentifier(parent)) return false
  return node.members.every((m) => {
    if (ts.isClassStaticBlockDeclaration(m)) return false
    if (m.name && ts.isComputedPropertyName(m.name) && !isPlainKey(m.name.expression)) return false
    const isStatic = m.modifiers?.some((x) => x.kind === SyntaxKind.StaticKeyword)
    return !(isStatic && ts.isPropertyDeclaration(m) && m.initializer && !isPlain(m.initializer))
  })
}

/** `[Symbol.iterator]` and literals. */
const isPlainKey = (node) =>
  ts.isStringLiteral(node) ||
  (ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Symbol' && node.name.text !== 'dispose')

/** The statements of a module that do more than declare: what a bundler must not drop, as text. */
export function statementsWithEffects(code, file = 'module.js') {
  const tree = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)
  return tree.statements
    .filter((s) => {
      if (ts.isVariableStatement(s) || ts.isImportDeclaration(s) || ts.isExportDeclaration(s)) return false
      return !ts.isFunctionDeclaration(s) && !ts.isClassDeclaration(s) && !ts.isEmptyStatement(s)
    })
    .map((s) => s.getText())
}

/** A module's code with marks on the declarations that run code. */
export function pure(code, file = 'module.js') {
  const tree = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)
  /** What goes where, in order. */
  const edits = []
  const insert = (at, text) => edits.push([at, text])
  for (const statement of tree.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        if (!initializer || isPlain(initializer) || !ts.isIdentifier(name)) continue
        const called = ts.isCallExpression(initializer) || ts.isNewExpression(initializer)
        insert(initializer.getStart(), '/* @__PURE__ */ ')
        if (called && ts.isIdentifier(initializer.expression) && (initializer.arguments ?? []).every(isPlain)) continue
        insert(initializer.getStart(), '(() => (')
        insert(initializer.getEnd(), '))()')
      }
    } else if (ts.isClassDeclaration(statement) && statement.name && !isPlainClass(statement)) {
      insert(statement.getStart(), `const ${statement.name.text} = /* @__PURE__ */ (() => {\n`)
      insert(statement.getEnd(), `\nreturn ${statement.name.text}\n})();`)
    }
  }
  let out = ''
  let from = 0
  for (const [at, text] of edits) {
    out += code.slice(from, at) + text
    from = at
  }
  return out + code.slice(from)
}

/** A module's code with the name of every class written into it, so that no bundler's renaming shows where errors and modules print it. */
export function named(code, file = 'module.js') {
  const tree = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS)
  let out = ''
  let from = 0
  const visit = (node, name) => {
    if (
      node.members.some(
        (m) => m.name && ts.isIdentifier(m.name) && m.name.text === 'name' && m.modifiers?.some((x) => x.kind === SyntaxKind.StaticKeyword),
      )
    )
      return
    const at = code.indexOf('{', (node.heritageClauses?.end ?? node.name?.end ?? node.getStart() + 'class'.length) - 0)
    out += `${code.slice(from, at + 1)} static get name() { return ${JSON.stringify(name)}; }`
    from = at + 1
  }
  for (const s of tree.statements) {
    if (ts.isClassDeclaration(s) && s.name) visit(s, s.name.text)
    else if (ts.isVariableStatement(s))
      for (const d of s.declarationList.declarations)
        if (d.initializer && ts.isClassExpression(d.initializer) && ts.isIdentifier(d.name)) visit(d.initializer, d.name.text)
  }
  return out + code.slice(from)
}
