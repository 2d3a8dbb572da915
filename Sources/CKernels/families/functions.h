// Functions of a vector, written so that every lane gets the same result wherever it stands.
//
// Polynomials are minimax fits (weighted least squares by Lawson's iteration); each says its own relative error, to
// which the roundings of the evaluation are added. Without fused multiply-add the errors grow by up to 1 ulp.

// Vectors wider than a register are only passed between functions that vanish into their callers.
#pragma clang diagnostic ignored "-Wpsabi"

typedef double vec_double __attribute__((vector_size(8 * LANES)));
typedef int64_t vec_long __attribute__((vector_size(8 * LANES)));

INLINE vec_double widen(vec x) { return __builtin_convertvector(x, vec_double); }
INLINE vec narrow(vec_double x) { return __builtin_convertvector(x, vec); }
INLINE vec_double splat_double(double x) { return x - (vec_double){0}; }
INLINE vec_double choose_double(vec_long mask, vec_double yes, vec_double no) {
  return (vec_double)((mask & (vec_long)yes) | (~mask & (vec_long)no));
}

INLINE int any_set(vec_mask mask) { return __builtin_reduce_or(mask) != 0; }

#if LANES > 4 || defined(__aarch64__)
INLINE vec_double floor_double(vec_double x) { return __builtin_elementwise_floor(x); }
#else
INLINE vec_double floor_double(vec_double x) {
  for (int lane = 0; lane < LANES; lane++) x[lane] = floor(x[lane]);
  return x;
}
#endif

#include "functions_float.h"

// The same on several vectors at a time. A chain of twenty dependent steps fills the CPU's list of waiting instructions
// before the next vector is seen; steps of several chains in turn keep its pipes busy: gelu takes half the time.
#define FUNCTION_VECTORS (REGISTERS / 8)
typedef float wide __attribute__((vector_size(4 * LANES * FUNCTION_VECTORS)));
typedef float wide_unaligned __attribute__((vector_size(4 * LANES * FUNCTION_VECTORS), aligned(4), may_alias));
typedef int32_t wide_mask __attribute__((vector_size(4 * LANES * FUNCTION_VECTORS)));

#pragma push_macro("INLINE")
#undef INLINE
#define INLINE static inline __attribute__((always_inline, overloadable))
#define vec wide
#define vec_mask wide_mask
#define splat wide_splat
#define exp_parts wide_exp_parts
INLINE vec splat(float value) { return value - (vec){0}; }
INLINE vec choose(vec_mask mask, vec yes, vec no) { return (vec)((mask & (vec_mask)yes) | (~mask & (vec_mask)no)); }
#include "functions_float.h"
#undef vec
#undef vec_mask
#undef splat
#undef exp_parts
#pragma pop_macro("INLINE")
