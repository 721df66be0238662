/** The names of the functions that are Tensor's methods too, by module. */

/** The words of a line, as a union of their types. */
type Words<S extends string, R = never> = S extends `${infer A} ${infer B}` ? Words<B, R | A> : R | S

/** The words of lines. */
const words = <const L extends readonly string[]>(...lines: L): readonly Words<L[number]>[] =>
  lines.flatMap((line) => line.split(' ')) as Words<L[number]>[]

export const fromPointwise = words(
  'abs absolute acos acosh angle arccos arccosh arcsin arcsinh arctan arctanh asin asinh atan atanh bitwise_not ceil conj cos',
  'cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 fix floor frac i0 isfinite isinf isnan lgamma log log10 log1p log2',
  'logical_not logit nan_to_num neg negative positive rad2deg reciprocal relu round rsqrt sgn sigmoid sign signbit sin sinc',
  'sinh sqrt square tan tanh trunc',
)
export const fromArithmetic = words(
  'add addcdiv addcmul atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor clamp clamp_max',
  'clamp_min clip copysign div divide float_power floor_divide fmax fmin fmod gcd heaviside hypot lcm lerp logaddexp',
  'logaddexp2 logical_and logical_or logical_xor maximum minimum mul multiply nextafter pow remainder rsub sub subtract',
  'true_divide xlogy',
)
export const fromShape = words(
  'adjoint broadcast_to chunk clone contiguous diagonal expand expand_as flatten moveaxis movedim narrow permute ravel reshape',
  'reshape_as select split squeeze swapaxes swapdims t tensor_split transpose unbind unflatten unfold unsqueeze view_as',
)
export const fromJoin = words(
  'diag diag_embed diagflat dsplit flip fliplr flipud hsplit repeat repeat_interleave roll rot90 split_with_sizes tile tril triu',
  'vsplit',
)
export const fromIndexing = words(
  'argwhere at gather index_add index_copy index_fill index_put index_select masked_fill masked_select nonzero scatter',
  'scatter_add scatter_reduce set take take_along_dim',
)
export const fromConvert = words(
  'bfloat16 bool byte cdouble cfloat char copy_ cpu double fill_ fill_diagonal_ float half int item_async long short to tolist_async',
  'type_as webgpu zero_',
)
export const fromComparison = words('allclose eq equal ge greater greater_equal gt isclose le less less_equal lt ne not_equal')
export const fromReduction = words(
  'all amax amin aminmax any argmax argmin count_nonzero dist logsumexp max mean median min nanmean nansum norm prod std sum',
  'var',
)
export const fromRunning = words('cummax cummin cumprod cumsum diff log_softmax logcumsumexp softmax')
export const fromSorting = words('argsort bincount kthvalue msort sort topk unique unique_consecutive')
export const fromMatrix = words('addbmm addmm addmv addr baddbmm bmm cross dot inner kron matmul mm mv outer trace vdot')
export const fromRandom = words('bernoulli bernoulli_ cauchy_ exponential_ geometric_ log_normal_ multinomial normal_ random_ uniform_')
export const fromCreation = words('new_empty new_full new_ones new_tensor new_zeros')
export const fromEngine = words('detach detach_ register_hook register_post_accumulate_grad_hook requires_grad_ retain_grad')
export const pointwiseInPlace = words(
  'abs acos acosh asin asinh atan atanh bitwise_not ceil cos cosh deg2rad digamma erf erfc erfinv exp exp2 expm1 floor frac',
  'lgamma log log10 log1p log2 logical_not logit nan_to_num neg rad2deg reciprocal relu round rsqrt sigmoid sign sin sinc sinh',
  'sqrt square tan tanh trunc',
)
export const arithmeticInPlace = words(
  'add addcdiv addcmul atan2 bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor clamp clamp_max',
  'clamp_min clip copysign div divide float_power floor_divide fmod gcd heaviside hypot lcm lerp logical_and logical_or',
  'logical_xor mul multiply nextafter pow remainder sub subtract true_divide xlogy',
)
export const indexingInPlace = words('index_add index_copy index_fill index_put masked_fill scatter scatter_add scatter_reduce')
export const comparisonInPlace = words('eq ge gt le lt ne')
export const runningInPlace = words('cumprod cumsum')
export const matrixInPlace = words('addbmm addmm addmv addr baddbmm')
export const joinInPlace = words('tril triu')
export const restructuring = words('squeeze swapaxes swapdims t transpose unsqueeze')
