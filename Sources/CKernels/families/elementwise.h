// One number in, one number out; two in, one out.

#define UNARY(name, expression)                                                                     \
  static void unary_##name(const float *input, float *output, ptrdiff_t count, float p, float q) { \
    const vec first = splat(p), second = splat(q);                                                  \
    (void)first, (void)second;                                                                      \
    ptrdiff_t i = 0;                                                                                \
    for (; i + LANES <= count; i += LANES) {                                                        \
      vec x = load(input + i);                                                                      \
      store(output + i, expression);                                                                \
    }                                                                                               \
    if (i < count) {                                                                                \
      vec x = load_part(input + i, (int)(count - i));                                               \
      store_part(output + i, expression, (int)(count - i));                                         \
    }                                                                                               \
  }

// The same for functions with long chains of steps.
#define UNARY_LONG(name, function)                                                                  \
  static void unary_##name(const float *input, float *output, ptrdiff_t count, float p, float q) { \
    (void)p, (void)q;                                                                               \
    enum { together = FUNCTION_VECTORS * LANES };                                                   \
    ptrdiff_t i = 0;                                                                                \
    for (; i + together <= count; i += together) {                                                  \
      wide x = *(const wide_unaligned *)(input + i);                                                \
      *(wide_unaligned *)(output + i) = function(x);                                                \
    }                                                                                               \
    for (; i + LANES <= count; i += LANES) store(output + i, function(load(input + i)));            \
    if (i < count) {                                                                                \
      vec x = load_part(input + i, (int)(count - i));                                               \
      store_part(output + i, function(x), (int)(count - i));                                        \
    }                                                                                               \
  }

UNARY(negate, (vec)((vec_mask)x ^ (int32_t)0x80000000))
UNARY(magnitude, magnitude(x))
UNARY(sign, choose(x > 0, splat(1.0f), choose(x < 0, splat(-1.0f), x + 0.0f)))
UNARY_LONG(exp, exp_of)
UNARY_LONG(log, log_of)
UNARY(sqrt, __builtin_elementwise_sqrt(x))
UNARY(sin, sin_of(x))
UNARY(cos, cos_of(x))
UNARY(floor, floor_of(x))
UNARY(ceil, ceil_of(x))
UNARY(round, round_even(x))
UNARY(relu, larger(splat(0), x))
UNARY(leaky, choose(x < 0, x * first, x))
UNARY(elu, elu_of(x, first))
UNARY_LONG(gelu, gelu_of)
UNARY_LONG(silu, silu_of)
UNARY_LONG(sigmoid, sigmoid_of)
UNARY_LONG(tanh, tanh_of)
UNARY_LONG(softplus, softplus_of)
UNARY(clip, clip(x, first, second))
UNARY(not, choose(x == 0, splat(1.0f), splat(0)))
UNARY(affine, x *first + second)

#define BINARY_LOOP(left_value, right_value, left_part, right_part, expression)  \
  for (; i + LANES <= count; i += LANES) {                                       \
    vec a = left_value, b = right_value;                                         \
    store(output + i, expression);                                               \
  }                                                                              \
  if (i < count) {                                                               \
    vec a = left_part, b = right_part;                                           \
    store_part(output + i, expression, rest);                                    \
  }

#define BINARY(name, expression)                                                                              \
  static void binary_##name(const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t right_step, \
                            float *output, ptrdiff_t count) {                                                 \
    ptrdiff_t i = 0;                                                                                          \
    const int rest = (int)(count % LANES);                                                                    \
    if (left_step && right_step) {                                                                            \
      BINARY_LOOP(load(left + i), load(right + i), load_part(left + i, rest), load_part(right + i, rest),     \
                  expression)                                                                                 \
    } else if (left_step) {                                                                                   \
      const vec same = splat(*right);                                                                         \
      BINARY_LOOP(load(left + i), same, load_part(left + i, rest), same, expression)                          \
    } else if (right_step) {                                                                                  \
      const vec same = splat(*left);                                                                          \
      BINARY_LOOP(same, load(right + i), same, load_part(right + i, rest), expression)                        \
    } else {                                                                                                  \
      const vec one = splat(*left), two = splat(*right);                                                      \
      BINARY_LOOP(one, two, one, two, expression)                                                             \
    }                                                                                                         \
  }

#define COMPARISON(name, condition) BINARY(name, choose(condition, splat(1.0f), splat(0)))

BINARY(add, a + b)
BINARY(subtract, a - b)
BINARY(multiply, a *b)
BINARY(divide, a / b)
BINARY(floor_divide, floor_divide_of(a, b))
BINARY(remainder, remainder_of(a, b))
BINARY(power, power_of(a, b))
BINARY(minimum, smaller_or_nan(a, b))
BINARY(maximum, larger_or_nan(a, b))
COMPARISON(equal, a == b)
COMPARISON(not_equal, a != b)
COMPARISON(less, a < b)
COMPARISON(less_or_equal, a <= b)
COMPARISON(greater, a > b)
COMPARISON(greater_or_equal, a >= b)

static void select_run(const float *condition, ptrdiff_t condition_step, const float *first, ptrdiff_t first_step,
                       const float *second, ptrdiff_t second_step, float *output, ptrdiff_t count) {
  const vec c = splat(*condition), a = splat(*first), b = splat(*second);
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec_mask holds = (condition_step ? load(condition + i) : c) != 0;
    store(output + i, choose(holds, first_step ? load(first + i) : a, second_step ? load(second + i) : b));
  }
  const int rest = (int)(count - i);
  if (rest > 0) {
    vec_mask holds = (condition_step ? load_part(condition + i, rest) : c) != 0;
    store_part(output + i,
               choose(holds, first_step ? load_part(first + i, rest) : a,
                      second_step ? load_part(second + i, rest) : b),
               rest);
  }
}

#define UNARY_ENTRY(name) .unary_##name = unary_##name,
#define BINARY_ENTRY(name) .binary_##name = binary_##name,
#define ELEMENTWISE_TABLE {UNARY_KERNELS(UNARY_ENTRY) BINARY_KERNELS(BINARY_ENTRY).select = select_run}
