#ifndef CONVO_KERNELS_H
#define CONVO_KERNELS_H

// The contract between the framework (Swift) and the leaf loops (C).
//
// A kernel set is one CPU variant: its name, its lane count and one table of functions for every family. Kernels
// allocate nothing, start no thread and validate nothing; whoever calls them has checked the shapes. A family is a
// header here, a body in families/ and one line in each of the two places marked FAMILIES.

// FAMILIES (1): the contracts.
#include "convolution_kernels.h"
#include "elementwise_kernels.h"
#include "image_kernels.h"
#include "matrix_kernels.h"
#include "movement_kernels.h"
#include "normalization_kernels.h"
#include "peak_kernel.h"
#include "pooling_kernels.h"
#include "random_kernels.h"
#include "reduction_kernels.h"

#pragma clang assume_nonnull begin

// One CPU variant.
struct kernel_set {
  const char *name;
  int lanes;      // floats in a vector
  int registers;  // vector registers
  // FAMILIES (2): the tables.
  struct convolution_kernels convolution;
  struct peak_kernel peak;
  struct elementwise_kernels elementwise;
  struct image_kernels image;
  struct matrix_kernels matrix;
  struct movement_kernels movement;
  struct normalization_kernels normalization;
  struct pooling_kernels pooling;
  struct random_kernels random;
  struct reduction_kernels reduction;
};

// The variants that this build holds, best first, generic last.
int kernel_set_count(void);
const struct kernel_set *kernel_set_at(int index);
// Whether this CPU runs the variant.
int kernel_set_is_supported(int index);

#pragma clang assume_nonnull end

#endif
