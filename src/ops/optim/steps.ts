/** One step of each optimizer as a fused update. The first array is the parameter, `g` its gradient; flags are named where they are read. */

import type { Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { type Flags, update } from './family.ts'

/** `g`, negated to maximize, plus `decay` of the parameter. */
function direction(g: Sym, p: Sym, decay: Sym, [maximize, decays]: Flags): Sym {
  const d = maximize ? s.neg(g) : g
  return decays ? s.add(d, s.mul(decay, p)) : d
}

/** `a + w (b - a)`, for a weight of a half or more computed from the other end, as lerp does. */
function lerp(a: Sym, b: Sym, w: Sym, far: boolean): Sym {
  const span = s.sub(b, a)
  return far ? s.sub(b, s.mul(span, s.sub(1, w))) : s.add(a, s.mul(w, span))
}

/** `a m + w x^2`. */
const meanSquare = (a: Sym, m: Sym, x: Sym, w: Sym): Sym => s.add(s.mul(a, m), s.mul(s.mul(w, x), x))

/** Gradient descent. Params: lr, decay. Flags: maximize, decays. */
export const descend = update('SGD', ([p], [g], [lr, decay], flags) => [s.sub(p!, s.mul(lr!, direction(g!, p!, decay!, flags)))])

/**
 * Gradient descent with momentum: `b = momentum b + (1 - dampening) d`, `p -= lr b` (nesterov: `lr (d + momentum b)`).
 * Written: p, b. Params: lr, decay, momentum, 1 - dampening. Flags: maximize, decays, nesterov, first (b begins as d).
 */
export const descendWithMomentum = update('SGD', ([p, b], [g], [lr, decay, momentum, share], flags) => {
  const [, , nesterov, first] = flags
  const d = direction(g!, p!, decay!, flags)
  const next = first ? d : s.add(s.mul(b!, momentum!), s.mul(d, share!))
  return [s.sub(p!, s.mul(lr!, nesterov ? s.add(d, s.mul(next, momentum!)) : next)), next]
})

/**
 * Adam (Kingma and Ba 2014) and AdamW (Loshchilov and Hutter 2017): `m` and `v` are running means of d and d^2, `p -= step m / (sqrt(v) / root + eps)`.
 * Written: p, m, v, and with amsgrad the greatest v. Params: step size, decay (decoupled: the factor 1 - lr decay), 1 - beta1, beta2,
 * 1 - beta2, root of the bias correction, eps. Flags: maximize, decays, decoupled, far (beta1 is at most a half), amsgrad.
 */
export const adam = update('Adam', ([p, m, v, greatest], [g], [step, decay, one1, beta2, one2, root, eps], flags) => {
  const [maximize, decays, decoupled, far, amsgrad] = flags
  const shrunk = decays && decoupled ? s.mul(p!, decay!) : p!
  const d = direction(g!, p!, decay!, [maximize!, decays! && !decoupled])
  const mean = lerp(m!, d, one1!, far!)
  const square = meanSquare(v!, beta2!, d, one2!)
  const top = amsgrad ? s.max(greatest!, square) : square
  const denominator = s.add(s.div(s.sqrt(top), root!), eps!)
  const next = s.sub(shrunk, s.div(s.mul(step!, mean), denominator))
  return amsgrad ? [next, mean, square, top] : [next, mean, square]
})

/**
 * RMSprop (Hinton 2012). Written: p, v, then the mean of gradients when centered, then the buffer with momentum.
 * Params: lr, decay, alpha, 1 - alpha, eps, momentum. Flags: maximize, decays, centered, hasMomentum, far (alpha is at most a half).
 */
export const rmsprop = update('RMSprop', ([p, v, ...more], [g], [lr, decay, alpha, one, eps, momentum], flags) => {
  const [, , centered, hasMomentum, far] = flags
  const d = direction(g!, p!, decay!, flags)
  const square = meanSquare(v!, alpha!, d, one!)
  const out = [square]
  let spread = square
  if (centered) {
    const mean = lerp(more[0]!, d, one!, far!)
    out.push(mean)
    spread = s.sub(square, s.mul(mean, mean))
  }
  const root = s.add(s.sqrt(spread), eps!)
  if (!hasMomentum) return [s.sub(p!, s.div(s.mul(lr!, d), root)), ...out]
  const buffer = s.add(s.mul(more[centered ? 1 : 0]!, momentum!), s.div(d, root))
  return [s.sub(p!, s.mul(lr!, buffer)), ...out, buffer]
})

/** Adagrad (Duchi, Hazan and Singer 2011). Written: p, sum of squares. Params: lr, decay, eps. Flags: maximize, decays. */
export const adagrad = update('Adagrad', ([p, sum], [g], [lr, decay, eps], flags) => {
  const d = direction(g!, p!, decay!, flags)
  const next = s.add(sum!, s.mul(d, d))
  return [s.sub(p!, s.div(s.mul(lr!, d), s.add(s.sqrt(next), eps!))), next]
})

/** Adadelta (Zeiler 2012). Written: p, v, squared steps. Params: lr, decay, rho, 1 - rho, eps. Flags: maximize, decays. */
export const adadelta = update('Adadelta', ([p, v, u], [g], [lr, decay, rho, one, eps], flags) => {
  const d = direction(g!, p!, decay!, flags)
  const square = meanSquare(v!, rho!, d, one!)
  const delta = s.mul(s.div(s.sqrt(s.add(u!, eps!)), s.sqrt(s.add(square, eps!))), d)
  return [s.sub(p!, s.mul(lr!, delta)), square, meanSquare(u!, rho!, delta, one!)]
})

/** Adamax (Kingma and Ba 2014). Written: p, m, greatest size. Params: lr, decay, 1 - beta1, beta2, eps. Flags: maximize, decays, far. */
export const adamax = update('Adamax', ([p, m, u], [g], [lr, decay, one1, beta2, eps], flags) => {
  const d = direction(g!, p!, decay!, flags)
  const mean = lerp(m!, d, one1!, flags[2]!)
  const size = s.max(s.mul(u!, beta2!), s.add(s.abs(d), eps!))
  return [s.sub(p!, s.div(s.mul(lr!, mean), size)), mean, size]
})

/**
 * NAdam (Dozat 2016): Adam with Nesterov's momentum. Written: p, m, v. Params: the steps along d and m, decay (or 1 - lr decay),
 * 1 - beta1, beta2, 1 - beta2, bias correction, eps. Flags: maximize, decays, decoupled, far.
 */
export const nadam = update('NAdam', ([p, m, v], [g], [stepD, stepM, decay, one1, beta2, one2, correction, eps], flags) => {
  const [maximize, decays, decoupled, far] = flags
  const shrunk = decays && decoupled ? s.mul(p!, decay!) : p!
  const d = direction(g!, p!, decay!, [maximize!, decays! && !decoupled])
  const mean = lerp(m!, d, one1!, far!)
  const square = meanSquare(v!, beta2!, d, one2!)
  const root = s.add(s.sqrt(s.div(square, correction!)), eps!)
  return [s.sub(s.sub(shrunk, s.div(s.mul(stepD!, d), root)), s.div(s.mul(stepM!, mean), root)), mean, square]
})

/**
 * RAdam (Liu et al. 2019). Written: p, m, v. Params: lr, decay (or 1 - lr decay), 1 - beta1, beta2, 1 - beta2, first bias correction,
 * `sqrt(second) rectification`, eps. Flags: maximize, decays, decoupled, far, rectified.
 */
export const radam = update('RAdam', ([p, m, v], [g], [lr, decay, one1, beta2, one2, correction, rectified, eps], flags) => {
  const [maximize, decays, decoupled, far, rectifies] = flags
  const shrunk = decays && decoupled ? s.mul(p!, decay!) : p!
  const d = direction(g!, p!, decay!, [maximize!, decays! && !decoupled])
  const mean = lerp(m!, d, one1!, far!)
  const square = meanSquare(v!, beta2!, d, one2!)
  const step = s.mul(s.div(mean, correction!), lr!)
  return [s.sub(shrunk, rectifies ? s.mul(step, s.div(rectified!, s.add(s.sqrt(square), eps!))) : step), mean, square]
})

/** Averaged descent (Polyak and Juditsky 1992). Written: p, mean. Params: eta, decay, 1 - lambd eta, mu. Flags: maximize, decays, averages. */
export const asgd = update('ASGD', ([p, mean], [g], [eta, decay, keep, mu], flags) => {
  const d = direction(g!, p!, decay!, flags)
  const next = s.sub(s.mul(p!, keep!), s.mul(eta!, d))
  return [next, flags[2] ? s.add(mean!, s.mul(s.sub(next, mean!), mu!)) : next]
})

/** Rprop (Riedmiller and Braun 1993). Written: p, last gradient, step. Params: etaMinus, etaPlus, least, most step. Flags: maximize. */
export const rprop = update('Rprop', ([p, last, size], [g], [minus, plus, least, most], flags) => {
  const d = direction(g!, p!, g!, [flags[0]!, false])
  const turn = s.mul(d, last!)
  const back = s.lt(turn, 0)
  const factor = s.select(s.gt(turn, 0), plus!, s.select(back, minus!, 1))
  const step = s.min(s.max(s.mul(size!, factor), least!), most!)
  const kept = s.select(back, 0, d)
  const move = s.select(s.gt(kept, 0), step, s.select(s.lt(kept, 0), s.neg(step), 0))
  return [s.sub(p!, move), kept, step]
})
