// A vector of LANES floats, and the few things that C vectors cannot say.

typedef float vec __attribute__((vector_size(4 * LANES)));
typedef float vec_unaligned __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef int32_t vec_mask __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))
// Begins a loop on a cache line: where it happens to lie otherwise decides over a third of the speed of some tiles.
#define ALIGNED [[clang::code_align(64)]]
#define UNROLLED _Pragma("clang loop unroll(full)")

// Keeps a value in a register at this place of the program.
#if defined(__x86_64__)
#define STAY(value) __asm__ volatile("" : "+v"(value)::"memory")
#elif defined(__aarch64__)
#define STAY(value) __asm__ volatile("" : "+w"(value)::"memory")
#else
#define STAY(value) (void)(value)
#endif

INLINE vec splat(float value) {
  return value - (vec){0};
}

INLINE vec load(const float *from) { return *(const vec_unaligned *)from; }

INLINE void store(float *to, vec value) { *(vec_unaligned *)to = value; }

// The first `count` lanes (0 ... LANES), zeros behind them; touches no byte beyond.
INLINE vec load_part(const float *from, int count) {
#if LANES == 16
  return (vec)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
#elif LANES == 8
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return (vec)_mm256_maskload_ps(from, _mm256_cmpgt_epi32(_mm256_set1_epi32(count), index));
#else
  if (count >= LANES) return load(from);
  const float second = count > 1 ? from[1] : 0, third = count > 2 ? from[2] : 0;
  return (vec){count > 0 ? from[0] : 0, second, third, 0};
#endif
}

// Writes the first `count` lanes and nothing else.
INLINE void store_part(float *to, vec value, int count) {
#if LANES == 16
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)value);
#elif LANES == 8
  const __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  _mm256_maskstore_ps(to, _mm256_cmpgt_epi32(_mm256_set1_epi32(count), index), (__m256)value);
#else
  if (count >= LANES) return store(to, value);
  if (count > 0) to[0] = value[0];
  if (count > 1) to[1] = value[1];
  if (count > 2) to[2] = value[2];
#endif
}

// Writes the last `count` lanes, of which there must be fewer than LANES, and nothing else.
INLINE void store_last(float *to, vec value, int count) {
  float lanes[LANES];
  store(lanes, value);
  const float *from = lanes + LANES - count;
  for (int i = 0; i < LANES - 1; i++) if (i < count) to[i] = from[i];
}

// LANES floats of a row from a place that may lie before its begin or reach over its end: zeros there, and no byte outside
// is touched.
INLINE vec load_inside(const float *row, ptrdiff_t at, ptrdiff_t width) {
  if (at >= 0 && at + LANES <= width) return load(row + at);
  if (at >= width || at + LANES <= 0) return splat(0);
  if (at >= 0) return load_part(row + at, (int)(width - at));
  float lanes[LANES] = {0};
  const ptrdiff_t end = at + LANES < width ? LANES : width - at;
  for (ptrdiff_t i = -at; i < end; i++) lanes[i] = row[at + i];
  return load(lanes);
}

// Lane by lane: where the mask is set the first value, elsewhere the second.
INLINE vec choose(vec_mask mask, vec yes, vec no) { return (vec)((mask & (vec_mask)yes) | (~mask & (vec_mask)no)); }

// NaN stays NaN: only a value that compares is replaced.
INLINE vec clip(vec value, vec low, vec high) {
  value = choose(value < low, low, value);
  return choose(value > high, high, value);
}

INLINE vec apply_rule(vec value, const struct store_rule *rule) {
  if (rule->activation == store_clip) return clip(value, splat(rule->low), splat(rule->high));
  if (rule->activation == store_leaky) return choose(value < splat(0), value * splat(rule->low), value);
  return value;
}

// Even and odd floats of two neighbouring vectors.
INLINE void split_pairs(vec a, vec b, vec *even, vec *odd) {
#if LANES == 4
  *even = __builtin_shufflevector(a, b, 0, 2, 4, 6);
  *odd = __builtin_shufflevector(a, b, 1, 3, 5, 7);
#elif LANES == 8
  *even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  *odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#else
  *even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  *odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#endif
}
