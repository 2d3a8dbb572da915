// Multiply-adds that stay in registers: the speed that nothing can beat.

#define PEAK_CHAINS (REGISTERS == 32 ? 24 : 12)
// Rounds without a jump: a loop of one round runs at four fifths of the speed in some places of the program.
#define PEAK_ROUNDS 4

static float peak_run(long rounds, float value) {
  vec sums[PEAK_CHAINS];
  vec factor = splat(value), term = splat(value * 0.5f);
  UNROLLED for (int chain = 0; chain < PEAK_CHAINS; chain++) sums[chain] = splat((float)chain);
  ALIGNED for (long round = 0; round < rounds; round += PEAK_ROUNDS) {
    UNROLLED for (int again = 0; again < PEAK_ROUNDS; again++) {
      UNROLLED for (int chain = 0; chain < PEAK_CHAINS; chain++) {
#if FLAT_SPLATS
        vec product = factor;
        multiply(&product, term);
        add(&sums[chain], product);
#else
        sums[chain] = sums[chain] + factor * term;
#endif
      }
      STAY(factor);
      STAY(term);
    }
  }
  vec total = sums[0];
  UNROLLED for (int chain = 1; chain < PEAK_CHAINS; chain++) total += sums[chain];
  float result = 0;
  for (int lane = 0; lane < LANES; lane++) result += total[lane];
  return result;
}
