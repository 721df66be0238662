/** A file's text, as vite imports it. */
declare module '*.ts?raw' {
  const text: string
  export default text
}
