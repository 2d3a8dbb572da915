#ifndef CONVO_PEAK_KERNEL_H
#define CONVO_PEAK_KERNEL_H

#pragma clang assume_nonnull begin

// Measures what the multiply-add units of one core can do at best.
struct peak_kernel {
  // Runs `rounds` times (a multiple of 4) `chains` independent multiply-adds of one vector each; the result depends on all.
  float (*run)(long rounds, float value);
  int chains;
};

#pragma clang assume_nonnull end

#endif
