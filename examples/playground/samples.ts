/** The programs that the page offers, by title. */

import first from './samples/first.ts?raw'
import mandelbrot from './samples/mandelbrot.ts?raw'
import picture from './samples/picture.ts?raw'

export const SAMPLES: Readonly<Record<string, string>> = {
  'First steps': first,
  'Mandelbrot set': mandelbrot,
  'A network learns a picture': picture,
}
