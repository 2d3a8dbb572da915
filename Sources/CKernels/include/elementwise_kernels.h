#ifndef CONVO_ELEMENTWISE_KERNELS_H
#define CONVO_ELEMENTWISE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Functions of one number: X(name).
#define UNARY_KERNELS(X) \
  X(negate) X(magnitude) X(sign) X(exp) X(log) X(sqrt) X(sin) X(cos) X(floor) X(ceil) X(round) X(relu) X(leaky) \
  X(elu) X(gelu) X(silu) X(sigmoid) X(tanh) X(softplus) X(clip) X(not) X(affine)

// Functions of two numbers: X(name).
#define BINARY_KERNELS(X) \
  X(add) X(subtract) X(multiply) X(divide) X(floor_divide) X(remainder) X(power) X(minimum) X(maximum) X(equal) \
  X(not_equal) X(less) X(less_or_equal) X(greater) X(greater_or_equal)

// output[i] = f(input[i]); `p` and `q` are the function's parameters. The two may be the same memory.
typedef void unary_kernel(const float *input, float *output, ptrdiff_t count, float p, float q);

// output[i] = f(left[i · left_step], right[i · right_step]); a step is 0 or 1. The output may be either operand's memory
// where that operand has step 1.
typedef void binary_kernel(const float *left, ptrdiff_t left_step, const float *right, ptrdiff_t right_step,
                           float *output, ptrdiff_t count);

// The functions have the same results on every lane, so that it does not matter how a range is split.
struct elementwise_kernels {
#define UNARY_MEMBER(name) unary_kernel *unary_##name;
  UNARY_KERNELS(UNARY_MEMBER)
#undef UNARY_MEMBER
#define BINARY_MEMBER(name) binary_kernel *binary_##name;
  BINARY_KERNELS(BINARY_MEMBER)
#undef BINARY_MEMBER
  // output[i] = condition[…] != 0 ? first[…] : second[…], with steps of 0 or 1.
  void (*select)(const float *condition, ptrdiff_t condition_step, const float *first, ptrdiff_t first_step,
                 const float *second, ptrdiff_t second_step, float *output, ptrdiff_t count);
};

#pragma clang assume_nonnull end

#endif
