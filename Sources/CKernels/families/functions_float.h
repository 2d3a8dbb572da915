// Functions in single precision, for any number of vectors: included once for each type that stands behind `vec`.

INLINE vec magnitude(vec x) { return (vec)((vec_mask)x & 0x7fffffff); }
INLINE vec_mask sign_bit(vec x) { return (vec_mask)x & (int32_t)0x80000000; }

// The larger one; the second where they do not compare.
INLINE vec larger(vec a, vec b) { return choose(a > b, a, b); }
INLINE vec smaller(vec a, vec b) { return choose(a < b, a, b); }
// The larger one; NaN if either is.
INLINE vec larger_or_nan(vec a, vec b) { return choose((a > b) | (a != a), a, b); }
INLINE vec smaller_or_nan(vec a, vec b) { return choose((a < b) | (a != a), a, b); }

#if LANES > 4 || defined(__aarch64__)
INLINE vec round_even(vec x) { return __builtin_elementwise_roundeven(x); }
INLINE vec floor_of(vec x) { return __builtin_elementwise_floor(x); }
INLINE vec ceil_of(vec x) { return __builtin_elementwise_ceil(x); }
#else
// Adding and subtracting 2²³ leaves no room for a fraction; larger numbers have none.
INLINE vec round_even(vec x) {
  const vec limit = splat(0x1p23f);
  vec whole = (magnitude(x) + limit) - limit;
  return choose(magnitude(x) < limit, (vec)((vec_mask)whole | sign_bit(x)), x);
}
INLINE vec floor_of(vec x) {
  vec whole = round_even(x);
  return choose(whole > x, whole - 1, whole);
}
INLINE vec ceil_of(vec x) {
  vec whole = round_even(x);
  return choose(whole < x, (vec)((vec_mask)(whole + 1) | sign_bit(x)), whole);
}
#endif

// Holds the steps of several chains in the order in which they are written: one after the other, they would wait.
INLINE vec in_turn(vec x) {
#if LANES == 16
  __m512 values[sizeof(vec) / 64];
  memcpy(values, &x, sizeof x);
  UNROLLED for (size_t i = 0; i < sizeof(vec) / 64; i++) __asm__ volatile("" : "+v"(values[i]));
  memcpy(&x, values, sizeof x);
#endif
  return x;
}

// The smaller one, the larger one; NaN stays NaN.
INLINE vec at_most(vec x, float limit) {
#if LANES == 16
  __m512 values[sizeof(vec) / 64];
  memcpy(values, &x, sizeof x);
  UNROLLED for (size_t i = 0; i < sizeof(vec) / 64; i++) values[i] = _mm512_min_ps(_mm512_set1_ps(limit), values[i]);
  memcpy(&x, values, sizeof x);
  return x;
#else
  return choose(x > limit, splat(limit), x);
#endif
}
INLINE vec at_least(vec x, float limit) {
#if LANES == 16
  __m512 values[sizeof(vec) / 64];
  memcpy(values, &x, sizeof x);
  UNROLLED for (size_t i = 0; i < sizeof(vec) / 64; i++) values[i] = _mm512_max_ps(_mm512_set1_ps(limit), values[i]);
  memcpy(&x, values, sizeof x);
  return x;
#else
  return choose(x < limit, splat(limit), x);
#endif
}

// 2ᵏ for −126 ≤ k ≤ 127.
INLINE vec power_of_two(vec_mask k) { return (vec)((k + 127) << 23); }

// A number split as n · ln 2 + rest with |rest| ≤ ln 2 / 2.
struct exp_parts {
  vec_mask n;
  vec whole;  // n again
  vec rest;
};
INLINE struct exp_parts exp_reduce(vec x) {
  const float magic = 0x1.8p23f;  // its last bit counts ones
  vec shifted = x * 1.44269504f + magic;
  vec n = shifted - magic;
  // ln 2 in two parts, the first of 10 bits, so that its product with n is exact.
  vec rest = x - n * 0.693359375f;
  rest = rest - n * -2.12194440e-4f;
  return (struct exp_parts){(vec_mask)shifted - (vec_mask)splat(magic), n, rest};
}

// factor · e^x. Error below 1 ulp and that of `factor`; a denormal result is right where e^x alone would have lost its last
// bits.
INLINE vec exp_of_rest(vec r) {
  // 3e-9
  vec p = splat(1.395063009e-3f);
  p = in_turn(p * r + 8.368969895e-3f);
  p = in_turn(p * r + 4.166620225e-2f);
  p = in_turn(p * r + 1.666651815e-1f);
  p = in_turn(p * r + 0.5f);
#if LANES > 4
  p = in_turn(p * r + 1.0f);
  return p * r + 1.0f;
#else
  // Without fused operations, what is small is added last.
  return (r * r) * p + r + 1.0f;
#endif
}
INLINE vec exp_scaled(vec e, struct exp_parts parts, vec factor) {
#if LANES == 16
  __m512 values[sizeof(vec) / 64], powers[sizeof(vec) / 64];
  vec product = e * factor;
  memcpy(values, &product, sizeof product);
  memcpy(powers, &parts.whole, sizeof product);
  UNROLLED for (size_t i = 0; i < sizeof(vec) / 64; i++) values[i] = _mm512_scalef_ps(values[i], powers[i]);
  memcpy(&product, values, sizeof product);
  return product;
#else
  // The factor between the two steps: neither e nor the result may have been denormal before it.
  vec_mask half = parts.n >> 1;
  return e * power_of_two(half) * factor * power_of_two(parts.n - half);
#endif
}
INLINE vec exp_times(vec x, vec factor) {
  x = at_least(at_most(x, 89.0f), -110.0f);
  struct exp_parts parts = exp_reduce(x);
  return exp_scaled(exp_of_rest(parts.rest), parts, factor);
}
INLINE vec exp_of(vec x) { return exp_times(x, splat(1.0f)); }

// eˣ − 1 for x ≤ 0. Error below 1.5 ulp.
INLINE vec exp_minus_one(vec x) {
  x = at_least(x, -30.0f);
  struct exp_parts parts = exp_reduce(x);
  vec r = parts.rest;
  // 2e-10
  vec p = splat(1.991433382e-4f);
  p = in_turn(p * r + 1.394112594e-3f);
  p = in_turn(p * r + 8.333273232e-3f);
  p = in_turn(p * r + 4.166635498e-2f);
  p = in_turn(p * r + 1.666666716e-1f);
  p = in_turn(p * r + 0.5f);
  vec e = (r * r) * p + r;
  vec scale = power_of_two(parts.n);
  vec rest = scale - 1.0f;
  return scale * e + rest;
}

// ln x. Error below 1 ulp.
INLINE vec log_of(vec x) {
  vec_mask tiny = x < 0x1p-126f;
  vec_mask bits = (vec_mask)choose(tiny, x * 0x1p23f, x);
  // x = m · 2ᵏ with m in √½ … √2.
  vec_mask k = (bits - 0x3f3504f3) >> 23;
  vec f = (vec)(bits - (k << 23)) - 1.0f;
  vec exponent = __builtin_convertvector(k, vec) - choose(tiny, splat(23.0f), splat(0));
  vec s = f / (f + 2.0f);
  vec z = s * s;
  // 2e-9
  vec p = splat(2.987459600e-1f);
  p = in_turn(p * z + 3.997744322e-1f);
  p = in_turn(p * z + 6.666677594e-1f);
  vec half = (f * 0.5f) * f;
  vec tail = s * (half + z * p) + exponent * 9.0580006145e-6f;
  vec result = exponent * 6.9313812256e-1f + (f - (half - tail));
  result = choose(x > 0, result, choose(x == 0, splat(-INFINITY), splat(NAN)));
  return choose((x == INFINITY) | (x != x), x, result);
}

// ln(1 + z) for 0 ≤ z ≤ 1. Error below 1.5 ulp.
INLINE vec log_one_plus(vec f) {
  vec s = f / (f + 2.0f);
  vec z = s * s;
  // 6e-12
  vec p = splat(2.179875523e-1f);
  p = in_turn(p * z + 1.714593470e-1f);
  p = in_turn(p * z + 2.230171263e-1f);
  p = in_turn(p * z + 2.856838405e-1f);
  p = in_turn(p * z + 4.000005424e-1f);
  p = in_turn(p * z + 6.666666865e-1f);
  vec half = (f * 0.5f) * f;
  return f - (half - s * (half + z * p));
}

// 1 / (1 + e⁻ˣ). Error below 2.5 ulp.
INLINE vec sigmoid_of(vec x) {
  vec z = exp_of((vec)((vec_mask)x | (int32_t)0x80000000));
  return choose(x < 0, z, splat(1.0f)) / (z + 1.0f);
}

// x / (1 + e⁻ˣ), and 0 at −∞. Error below 3.5 ulp.
INLINE vec silu_of(vec x) {
  vec negative = (vec)((vec_mask)x | (int32_t)0x80000000);
  struct exp_parts parts = exp_reduce(at_least(negative, -110.0f));
  vec e = exp_of_rest(parts.rest);
  vec z = exp_scaled(e, parts, splat(1.0f));
  // Where eˣ is 0, −∞ times it would be NaN.
  vec product = exp_scaled(e, parts, at_least(x, -200.0f));
  return choose(x < 0, product, x) / (z + 1.0f);
}

// Error below 2.5 ulp.
INLINE vec tanh_of(vec x) {
  vec e = exp_minus_one(magnitude(x) * -2.0f);
  vec result = e / (e + 2.0f);
  return (vec)(((vec_mask)result & 0x7fffffff) | sign_bit(x));
}

// x for x ≥ 0, eˣ − 1 times alpha below.
INLINE vec elu_of(vec x, vec alpha) { return choose(x < 0, exp_minus_one(x) * alpha, x); }

// ln(1 + eˣ). Error below 3 ulp.
INLINE vec softplus_of(vec x) {
  vec z = exp_of((vec)((vec_mask)x | (int32_t)0x80000000));
  return choose(x > 0, x, splat(0)) + log_one_plus(z);
}

// 1 / x for x from 1 to 4. Error below 1 ulp.
INLINE vec reciprocal(vec x) {
#if LANES == 16
  __m512 values[sizeof(vec) / 64];
  memcpy(values, &x, sizeof x);
  UNROLLED for (size_t i = 0; i < sizeof(vec) / 64; i++) values[i] = _mm512_rcp14_ps(values[i]);
  vec guess;
  memcpy(&guess, values, sizeof guess);
  return guess + guess * (1.0f - x * guess);
#else
  return 1.0f / x;
#endif
}

// x · Φ(x) through the scaled complementary error function: Φ(−a) = h(a) · e^(−a²/2). Error below 5 ulp.
INLINE vec gelu_of(vec x) {
  // Beyond 15 the tail is 0, and 0 · ∞ would be NaN.
  vec c = at_least(at_most(x, 15.0f), -15.0f);
  vec a = magnitude(c);
  // h(a) as a polynomial in 1 / (1 + a/4), for 0 ≤ a ≤ 14.6; 9e-9
  vec u = reciprocal(a * 0.25f + 1.0f);
  vec p = splat(1.695148833e-2f);
  p = in_turn(p * u + -6.486593932e-2f);
  p = in_turn(p * u + 5.667350441e-2f);
  p = in_turn(p * u + 2.152045257e-2f);
  p = in_turn(p * u + 1.867139153e-2f);
  p = in_turn(p * u + 8.333031088e-2f);
  p = in_turn(p * u + 7.320002466e-2f);
  p = in_turn(p * u + 9.524600208e-2f);
  p = in_turn(p * u + 9.952673316e-2f);
  p = in_turn(p * u + 9.974604100e-2f);
  p = p * u;
  // −a²/2 and what its rounding leaves.
#if LANES > 4
  vec half = a * -0.5f;
  vec square = half * a;
  vec missing = __builtin_elementwise_fma(half, a, -square);
#else
  // The square of the upper bits is exact.
  vec upper = (vec)((vec_mask)a & (int32_t)0xfffff000);
  vec square = upper * upper * -0.5f;
  vec missing = (a - upper) * (a + upper) * -0.5f;
#endif
  struct exp_parts parts = exp_reduce(square);
  // x · Φ(−|x|), which is the result below 0; above it is what is missing to x.
  vec tail = exp_scaled(exp_of_rest(parts.rest + missing), parts, p * c);
  return choose(x < 0, tail, x - tail);
}
