/** The module 'playground' as programs see it. */

import type { drawing } from './drawing.ts'

type Drawing = ReturnType<typeof drawing>
export declare const device: string
export declare const image: Drawing['image']
export declare const plot: Drawing['plot']
export declare const frame: Drawing['frame']
