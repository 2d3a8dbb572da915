// Windows that have a way of their own: 2×2 side by side, 3×3 with stride 1 or 2.

// Windows of 2×2 that touch one another, without padding: two rows, then neighbouring lanes. Returns how many columns
// are done, −1 where a NaN was seen.
INLINE ptrdiff_t pool_pairs(const float *top, const float *bottom, float *to, ptrdiff_t count, const int averages) {
  vec_mask odd = {0};
  ptrdiff_t j = 0;
  for (; j + LANES <= count; j += LANES) {
    vec a = load(top + 2 * j), b = load(top + 2 * j + LANES);
    vec c = load(bottom + 2 * j), d = load(bottom + 2 * j + LANES);
    if (averages) {
      vec left = a + c, right = b + d;
      store(to + j, (even_lanes(left, right) + odd_lanes(left, right)) * 0.25f);
    } else {
      odd |= (a != a) | (c != c) | (b != b) | (d != d);
      vec left = larger(a, c), right = larger(b, d);
      store(to + j, larger(even_lanes(left, right), odd_lanes(left, right)));
    }
  }
  return any_set(odd) ? -1 : j;
}

// The last lane of one vector before all but the last of another.
INLINE vec shifted_in(vec before, vec x) {
#if LANES == 16
  return __builtin_shufflevector(before, x, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
#elif LANES == 8
  return __builtin_shufflevector(before, x, 7, 8, 9, 10, 11, 12, 13, 14);
#else
  return __builtin_shufflevector(before, x, 3, 4, 5, 6);
#endif
}

// A vector of which `count` lanes exist, −∞ in the others.
INLINE vec load_or_lowest(const float *from, ptrdiff_t count) {
  if (count >= LANES) return load(from);
  if (count <= 0) return splat(-INFINITY);
  vec_mask lanes;
  UNROLLED for (int lane = 0; lane < LANES; lane++) lanes[lane] = lane;
  return choose(lanes < (int32_t)count, load_part(from, (int)count), splat(-INFINITY));
}

// Windows of 3×3 with stride 2 and one column of padding in front: three rows, then each even lane with the odd ones on
// both sides. Rows may be the same. Returns 1 where a NaN was seen.
INLINE int pool_triples(const float *top, const float *middle, const float *bottom, ptrdiff_t width, float *to,
                        ptrdiff_t count) {
  vec_mask odd_ones = {0};
  vec before = splat(-INFINITY);
  ptrdiff_t j = 0;
  for (; 2 * (j + LANES) <= width && j + LANES <= count; j += LANES) {
    vec a = load(top + 2 * j), b = load(top + 2 * j + LANES);
    vec c = load(middle + 2 * j), d = load(middle + 2 * j + LANES);
    vec e = load(bottom + 2 * j), f = load(bottom + 2 * j + LANES);
    odd_ones |= (a != a) | (c != c) | (e != e) | (b != b) | (d != d) | (f != f);
    vec left = larger(larger(a, c), e), right = larger(larger(b, d), f);
    vec odd = odd_lanes(left, right);
    store(to + j, larger(larger(even_lanes(left, right), odd), shifted_in(before, odd)));
    before = odd;
  }
  for (; j < count; j += LANES) {
    const ptrdiff_t first = width - 2 * j, second = first - LANES;
    vec a = load_or_lowest(top + 2 * j, first), b = load_or_lowest(top + 2 * j + LANES, second);
    vec c = load_or_lowest(middle + 2 * j, first), d = load_or_lowest(middle + 2 * j + LANES, second);
    vec e = load_or_lowest(bottom + 2 * j, first), f = load_or_lowest(bottom + 2 * j + LANES, second);
    odd_ones |= (a != a) | (c != c) | (e != e) | (b != b) | (d != d) | (f != f);
    vec left = larger(larger(a, c), e), right = larger(larger(b, d), f);
    vec odd = odd_lanes(left, right);
    vec best = larger(larger(even_lanes(left, right), odd), shifted_in(before, odd));
    before = odd;
    if (count - j >= LANES) {
      store(to + j, best);
    } else {
      store_part(to + j, best, (int)(count - j));
    }
  }
  return any_set(odd_ones);
}

// All but the first lane of one vector before the first of another.
INLINE vec shifted_out(vec x, vec after) {
#if LANES == 16
  return __builtin_shufflevector(x, after, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
#elif LANES == 8
  return __builtin_shufflevector(x, after, 1, 2, 3, 4, 5, 6, 7, 8);
#else
  return __builtin_shufflevector(x, after, 1, 2, 3, 4);
#endif
}

// Windows of 3×3 with stride 1 and one column of padding on both sides: three rows, then each lane with its neighbours.
// Rows may be the same. Returns 1 where a NaN was seen.
INLINE int pool_neighbours(const float *top, const float *middle, const float *bottom, ptrdiff_t width, float *to) {
  vec_mask odd_ones = {0};
  vec before = splat(-INFINITY);
  vec a = load_or_lowest(top, width), b = load_or_lowest(middle, width), c = load_or_lowest(bottom, width);
  odd_ones |= (a != a) | (b != b) | (c != c);
  vec here = larger(larger(a, b), c);
  for (ptrdiff_t j = 0; j < width; j += LANES) {
    const ptrdiff_t next = j + LANES;
    if (next + LANES <= width) {
      a = load(top + next), b = load(middle + next), c = load(bottom + next);
    } else {
      const ptrdiff_t rest = width - next;
      a = load_or_lowest(top + next, rest), b = load_or_lowest(middle + next, rest);
      c = load_or_lowest(bottom + next, rest);
    }
    odd_ones |= (a != a) | (b != b) | (c != c);
    vec after = larger(larger(a, b), c);
    vec best = larger(larger(here, shifted_in(before, here)), shifted_out(here, after));
    if (next <= width) {
      store(to + j, best);
    } else {
      store_part(to + j, best, (int)(width - j));
    }
    before = here;
    here = after;
  }
  return any_set(odd_ones);
}
