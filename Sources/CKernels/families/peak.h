// Multiply-adds that stay in registers: the speed that nothing can beat.

#define PEAK_CHAINS (REGISTERS == 32 ? 24 : 12)

static float peak_run(long rounds, float value) {
  vec sums[PEAK_CHAINS];
  vec factor = splat(value), term = splat(value * 0.5f);
  UNROLLED for (int chain = 0; chain < PEAK_CHAINS; chain++) sums[chain] = splat((float)chain);
  for (long round = 0; round < rounds; round++) {
    UNROLLED for (int chain = 0; chain < PEAK_CHAINS; chain++) {
      sums[chain] = sums[chain] + factor * term;
#if defined(__x86_64__) && LANES == 4
      // Without this the compiler would see that every chain adds the same product, and multiply once.
      __asm__ volatile("" : "+x"(factor));
#endif
    }
#if defined(__x86_64__)
    __asm__ volatile("" : "+x"(factor), "+x"(term));
#endif
  }
  vec total = sums[0];
  UNROLLED for (int chain = 1; chain < PEAK_CHAINS; chain++) total += sums[chain];
  float result = 0;
  for (int lane = 0; lane < LANES; lane++) result += total[lane];
  return result;
}
