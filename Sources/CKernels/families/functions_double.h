// Functions of a vector that go through double precision: sine and cosine, floored division, powers.

// Sine and cosine of a number below 2²⁰ in double precision: n quarter turns and a rest of at most π/4.
INLINE vec sine_of(vec x, int quarter) {
  const double magic = 0x1.8p52;
  vec_double wide = widen(x);
  vec_double shifted = wide * 0.63661977236758134308 + magic;
  vec_double n = shifted - magic;
  vec_long quadrant = (vec_long)shifted + quarter;
  // π/2 in two parts, the first of 33 bits, so that its product with n is exact.
  vec_double r = wide - n * 1.57079632673412561417;
  r = r - n * 6.07710050650619224932e-11;
  vec_double z = r * r;
  vec_double s = splat_double(-1.0 / 39916800);
  s = s * z + 1.0 / 362880;
  s = s * z - 1.0 / 5040;
  s = s * z + 1.0 / 120;
  s = s * z - 1.0 / 6;
  vec_double sine = r + (r * z) * s;
  vec_double c = splat_double(1.0 / 479001600);
  c = c * z - 1.0 / 3628800;
  c = c * z + 1.0 / 40320;
  c = c * z - 1.0 / 720;
  c = c * z + 1.0 / 24;
  c = c * z - 0.5;
  vec_double cosine = c * z + 1.0;
  vec_double chosen = choose_double((quadrant & 1) != 0, cosine, sine);
  chosen = choose_double((quadrant & 2) != 0, -chosen, chosen);
  // The sine of −0 is −0, which the reduction loses.
  return choose((x == 0) & (quarter == 0 ? -1 : 0), x, narrow(chosen));
}
INLINE vec sin_of(vec x) {
  if (any_set(~(magnitude(x) < 0x1p20f))) {
    vec y = x;
    for (int lane = 0; lane < LANES; lane++) y[lane] = sinf(x[lane]);
    return choose(magnitude(x) < 0x1p20f, sine_of(x, 0), y);
  }
  return sine_of(x, 0);
}
INLINE vec cos_of(vec x) {
  if (any_set(~(magnitude(x) < 0x1p20f))) {
    vec y = x;
    for (int lane = 0; lane < LANES; lane++) y[lane] = cosf(x[lane]);
    return choose(magnitude(x) < 0x1p20f, sine_of(x, 1), y);
  }
  return sine_of(x, 1);
}

// ⌊a/b⌋ and a − b · ⌊a/b⌋ in double precision: exact while the quotient has at most 28 bits, because it then differs
// from any whole number it is not by more than a rounding.
INLINE vec_long division_is_plain(vec_double a, vec_double b, vec_double whole) {
  return (whole > -0x1p28) & (whole < 0x1p28) & (a - a == 0) & (b - b == 0);
}
static float floor_divide_scalar(float a, float b) {
  if (b == 0 || a != a || b != b) return a / b;
  if (isinf(a)) return NAN;
  if (isinf(b)) return a == 0 || (a < 0) == (b < 0) ? copysignf(0, a / b) : -1.0f;
  float rest = fmodf(a, b);
  if (rest != 0 && (rest < 0) != (b < 0)) rest += b;
  float quotient = (a - rest) / b;
  if (quotient == 0) return copysignf(0, a / b);
  float whole = floorf(quotient);
  return quotient - whole > 0.5f ? whole + 1 : whole;
}
static float remainder_scalar(float a, float b) {
  float rest = fmodf(a, b);
  if (rest == 0) return copysignf(0, b);
  return (rest < 0) != (b < 0) ? rest + b : rest;
}
INLINE vec floor_divide_of(vec x, vec y) {
  vec_double a = widen(x), b = widen(y);
  vec_double whole = floor_double(a / b);
  vec_long plain = division_is_plain(a, b, whole);
  vec result = narrow(whole);
  if (__builtin_reduce_and(plain) == 0) {
    for (int lane = 0; lane < LANES; lane++) {
      if (!plain[lane]) result[lane] = floor_divide_scalar(x[lane], y[lane]);
    }
  }
  return result;
}
INLINE vec remainder_of(vec x, vec y) {
  vec_double a = widen(x), b = widen(y);
  vec_double whole = floor_double(a / b);
  vec_long plain = division_is_plain(a, b, whole);
  vec_double product = whole * b;
  vec result = narrow(a - product);
  result = choose(result == 0, (vec)sign_bit(y), result);
  if (__builtin_reduce_and(plain) == 0) {
    for (int lane = 0; lane < LANES; lane++) {
      if (!plain[lane]) result[lane] = remainder_scalar(x[lane], y[lane]);
    }
  }
  return result;
}

// aᵇ as 2^(b · log₂ a) in double precision where a is positive and normal and the result is too; else by the C library,
// whose rules for zeros, infinities and negative numbers are IEEE's. Error below 1 ulp.
INLINE vec power_of(vec x, vec y) {
  vec_mask bits = (vec_mask)x;
  vec_mask k = (bits - 0x3f3504f3) >> 23;
  vec_double m = widen((vec)(bits - (k << 23)));
  vec_double s = (m - 1.0) / (m + 1.0);
  vec_double z = s * s;
  vec_double p = splat_double(1.0 / 15);
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  p = p * z + 1.0;
  vec_double logarithm = (s * p) * 2.8853900817779268147 + __builtin_convertvector(k, vec_double);
  vec_double t = widen(y) * logarithm;
  vec_long plain = (t > -125.0) & (t < 127.0) & __builtin_convertvector((x >= 0x1p-126f) & (x < INFINITY), vec_long);
  const double magic = 0x1.8p52;
  vec_double shifted = t + magic;
  vec_double r = (t - (shifted - magic)) * 0.69314718055994530942;
  vec_double e = splat_double(1.0 / 40320);
  e = e * r + 1.0 / 5040;
  e = e * r + 1.0 / 720;
  e = e * r + 1.0 / 120;
  e = e * r + 1.0 / 24;
  e = e * r + 1.0 / 6;
  e = e * r + 0.5;
  e = e * r + 1.0;
  e = e * r + 1.0;
  vec_double result = e * (vec_double)(((vec_long)shifted + 1023) << 52);
  vec narrowed = narrow(result);
  if (__builtin_reduce_and(plain) == 0) {
    for (int lane = 0; lane < LANES; lane++) {
      if (!plain[lane]) narrowed[lane] = powf(x[lane], y[lane]);
    }
  }
  return narrowed;
}
