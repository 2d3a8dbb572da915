// Random numbers.

typedef uint32_t vec_unsigned __attribute__((vector_size(4 * LANES)));
typedef uint64_t vec_unsigned_long __attribute__((vector_size(8 * LANES)));

struct random_words {
  vec_unsigned words[4];
};

INLINE vec_unsigned multiply_high(vec_unsigned a, uint64_t b) {
  return __builtin_convertvector((__builtin_convertvector(a, vec_unsigned_long) * b) >> 32, vec_unsigned);
}

// The words of LANES counters, one in each lane.
INLINE struct random_words philox(uint64_t seed, uint64_t counter) {
  vec_unsigned_long counters = {0};
  for (int lane = 0; lane < LANES; lane++) counters[lane] = counter + (uint64_t)lane;
  vec_unsigned c0 = __builtin_convertvector(counters, vec_unsigned);
  vec_unsigned c1 = __builtin_convertvector(counters >> 32, vec_unsigned);
  vec_unsigned c2 = {0}, c3 = {0};
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    vec_unsigned high0 = multiply_high(c0, 0xD2511F53u), low0 = c0 * 0xD2511F53u;
    vec_unsigned high1 = multiply_high(c2, 0xCD9E8D57u), low1 = c2 * 0xCD9E8D57u;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return (struct random_words){{c0, c1, c2, c3}};
}

// Four vectors dealt out in turn, as the numbers of one counter stand side by side.
INLINE void store_in_turn(float *to, vec a, vec b, vec c, vec d) {
  vec p = mixed_low(a, c), q = mixed_high(a, c), r = mixed_low(b, d), s = mixed_high(b, d);
  store(to, mixed_low(p, r));
  store(to + LANES, mixed_high(p, r));
  store(to + 2 * LANES, mixed_low(q, s));
  store(to + 3 * LANES, mixed_high(q, s));
}

INLINE void uniform_block(uint64_t seed, uint64_t counter, float *to, float low, float width) {
#pragma clang fp contract(off)
  struct random_words words = philox(seed, counter);
  vec numbers[4];
  UNROLLED for (int i = 0; i < 4; i++) {
    vec fraction = __builtin_convertvector((vec_mask)(words.words[i] >> 8), vec) * 0x1p-24f;
    vec scaled = fraction * width;
    numbers[i] = scaled + low;
  }
  store_in_turn(to, numbers[0], numbers[1], numbers[2], numbers[3]);
}

// Two normal numbers from two words: √(−2 ln u) at an angle.
INLINE void box_muller(vec_unsigned first, vec_unsigned second, double mean, double deviation, vec *one, vec *two) {
#pragma clang fp contract(off)
  // u = (w + 1) / 2³² = m · 2ᵏ with m in √½ … √2; ln m = 2 artanh(s), s = (m − 1) / (m + 1), to 1e-12.
  vec_double u = (__builtin_convertvector(__builtin_convertvector(first, vec_long), vec_double) + 1.0) * 0x1p-32;
  vec_long bits = (vec_long)u;
  vec_long k = (bits - 0x3fe6a09e667f3bcd) >> 52;
  vec_double f = (vec_double)(bits - (k << 52)) - 1.0;
  vec_double s = f / (f + 2.0);
  vec_double z = s * s;
  vec_double p = splat_double(1.0 / 13);
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  p = p * z + 1.0;
  vec_double logarithm = s * p * 2.0 + __builtin_convertvector(k, vec_double) * 0.69314718055994530942;
  vec_double radius = __builtin_elementwise_sqrt(logarithm * -2.0) * deviation;
  // w / 2³² turns: quarter turns and a rest of at most an eighth either way.
  vec_unsigned quarter = (second + 0x20000000u) >> 30;
  vec_mask rest = (vec_mask)(second - (quarter << 30));
  vec_double angle = __builtin_convertvector(rest, vec_double) * (6.28318530717958647693 * 0x1p-32);
  vec_double square = angle * angle;
  vec_double a = splat_double(-1.0 / 39916800);
  a = a * square + 1.0 / 362880;
  a = a * square - 1.0 / 5040;
  a = a * square + 1.0 / 120;
  a = a * square - 1.0 / 6;
  vec_double sine = angle + angle * square * a;
  vec_double c = splat_double(1.0 / 479001600);
  c = c * square - 1.0 / 3628800;
  c = c * square + 1.0 / 40320;
  c = c * square - 1.0 / 720;
  c = c * square + 1.0 / 24;
  c = c * square - 0.5;
  vec_double cosine = c * square + 1.0;
  vec_long turned = __builtin_convertvector(quarter & 3, vec_long);
  vec_double x = choose_double((turned & 1) != 0, -sine, cosine), y = choose_double((turned & 1) != 0, cosine, sine);
  x = choose_double((turned & 2) != 0, -x, x);
  y = choose_double((turned & 2) != 0, -y, y);
  x = x * radius;
  y = y * radius;
  *one = narrow(x + mean);
  *two = narrow(y + mean);
}

INLINE void normal_block(uint64_t seed, uint64_t counter, float *to, double mean, double deviation) {
  struct random_words words = philox(seed, counter);
  vec numbers[4];
  box_muller(words.words[0], words.words[1], mean, deviation, &numbers[0], &numbers[1]);
  box_muller(words.words[2], words.words[3], mean, deviation, &numbers[2], &numbers[3]);
  store_in_turn(to, numbers[0], numbers[1], numbers[2], numbers[3]);
}

static void uniform_run(uint64_t seed, uint64_t counter, float *output, ptrdiff_t count, float low, float width) {
  ptrdiff_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES, counter += LANES) uniform_block(seed, counter, output + i, low, width);
  if (i < count) {
    float rest[4 * LANES];
    uniform_block(seed, counter, rest, low, width);
    memcpy(output + i, rest, (size_t)(count - i) * sizeof(float));
  }
}

static void normal_run(uint64_t seed, uint64_t counter, float *output, ptrdiff_t count, double mean, double deviation) {
  ptrdiff_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES, counter += LANES) {
    normal_block(seed, counter, output + i, mean, deviation);
  }
  if (i < count) {
    float rest[4 * LANES];
    normal_block(seed, counter, rest, mean, deviation);
    memcpy(output + i, rest, (size_t)(count - i) * sizeof(float));
  }
}
