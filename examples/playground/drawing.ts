/** The module 'playground' that programs import: pictures, plots, and the chosen device. */

import { np, type torch } from 'numgrad'
import type { ImageMessage, Message, PlotMessage } from './protocol.ts'

type Items = np.NDArray | torch.Tensor | readonly unknown[]

/** An ndarray of what a program handed over, brought from its device. */
async function toArray(items: Items): Promise<np.NDArray> {
  if (items instanceof np.ndarray) return items
  if (Array.isArray(items)) return np.array(items)
  const tensor = await (items as torch.Tensor).detach().cpu()
  return tensor.numpy()
}

/** RGBA bytes of an array [height, width] or [height, width, 3]: uint8 as it is, others from 0 to 1. */
function pixelsOf(array: np.NDArray): { width: number; height: number; pixels: Uint8ClampedArray<ArrayBuffer> } {
  const [height, width, channels = 1] = array.shape as [number, number, number?]
  if (array.ndim < 2 || array.ndim > 3 || (channels !== 1 && channels !== 3)) {
    throw new Error(`image(): expected an array [height, width] or [height, width, 3], got [${array.shape.join(', ')}]`)
  }
  const bytes = array.dtype === np.uint8 ? array : np.multiply(np.clip(array, 0, 1), 255).astype(np.uint8)
  const items = bytes.reshape(-1).tolist() as number[]
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = items[i * channels + (channels === 3 ? c : 0)]!
  }
  return { width, height, pixels }
}

const numbers = async (items: Items): Promise<number[]> => (await toArray(items)).reshape(-1).tolist() as number[]

/** The functions, bound to a way of sending messages. */
export function drawing(post: (message: Message, transfer?: Transferable[]) => void, device: string) {
  return {
    /** The device chosen in the page: 'cpu' or 'webgpu'. */
    device,

    /** Shows a picture [height, width] or [height, width, 3]; the same name again shows the new one in its place. */
    async image(items: Items, { name = 'image', scale = 1 } = {}): Promise<void> {
      const message: ImageMessage = { kind: 'image', name, scale, ...pixelsOf(await toArray(items)) }
      post(message, [message.pixels.buffer])
    },

    /** Plots `y` over `x` as a line or as dots; the same name again shows the new plot in its place. */
    async plot(x: Items, y: Items, { name = 'plot', mark = 'line' as PlotMessage['mark'] } = {}): Promise<void> {
      post({ kind: 'plot', name, mark, x: await numbers(x), y: await numbers(y) })
    },

    /** Lets the page draw before the program goes on. */
    frame: (): Promise<void> => new Promise((resolve) => setTimeout(resolve)),
  }
}
