// One step of the sum of a flat tile: every channel's weight times the same pixels.

// Without a load that broadcasts, every weight would cost a shuffle as well: SSE2 reads vectors of one weight.
#if LANES == 4 && defined(__x86_64__)
#define FLAT_SPLATS 1
#else
#define FLAT_SPLATS 0
#endif

#if FLAT_SPLATS
// SSE2 multiplies into one of its operands, so that a product needs a register that was loaded or copied for it, and a
// multiply-add is three instructions. Zen 5 runs at most six of them a cycle, which is just its peak, and only in some orders:
// as compilers arrange a tile of 6 × 2 it reaches 81–85 %, in the order here 94 %. `volatile` keeps the order.

INLINE void fetch(vec *to, const float *from) {
  __asm__ volatile("movups %1, %0" : "=x"(*to) : "m"(*(const vec_unaligned *)from));
}
INLINE void multiply(vec *product, vec factor) { __asm__ volatile("mulps %1, %0" : "+x"(*product) : "x"(factor)); }
// The factor is a vector on a boundary of 16 bytes, which is read as part of the multiplication.
INLINE void multiply_by(vec *product, const float *factor) {
  __asm__ volatile("mulps %1, %0" : "+x"(*product) : "m"(*(const vec *)factor));
}
INLINE void add(vec *sum, vec term) { __asm__ volatile("addps %1, %0" : "+x"(*sum) : "x"(term)); }

// For each number of channels those (a bit for each) whose weight is loaded into a register; the others are read twice.
static const int8_t flat_held[flat_channels_max] = {0, 0, 3, 5, 5, 9, 0, 0};

// Few channels: the weights stay, and every vector of pixels is loaded and multiplied at once.
INLINE void flat_step_few(vec sums[][FLAT_VECTORS_MAX], const float *from, ptrdiff_t last, const float *weight,
                          const int channels, const int vectors) {
  vec factors[2];
  UNROLLED for (int m = 0; m < channels; m++) fetch(&factors[m], weight + m * LANES);
  UNROLLED for (int v = 0; v < vectors; v++) {
    vec pixels;
    fetch(&pixels, from + (v == vectors - 1 ? last : v * LANES));
    UNROLLED for (int m = 0; m < channels; m++) {
      vec product = pixels;
      multiply(&product, factors[m]);
      add(&sums[m][v], product);
    }
  }
}

INLINE void flat_step_many(vec sums[][FLAT_VECTORS_MAX], const float *from, ptrdiff_t last, const float *weight,
                           const int channels, const int vectors) {
  vec pixels[FLAT_VECTORS_MAX];
  UNROLLED for (int v = 0; v < vectors; v++) fetch(&pixels[v], from + (v == vectors - 1 ? last : v * LANES));
  UNROLLED for (int m = 0; m < channels; m++) {
    if (flat_held[channels - 1] >> m & 1) {
      vec factor;
      fetch(&factor, weight + m * LANES);
      UNROLLED for (int v = 0; v < vectors - 1; v++) {
        vec product = pixels[v];
        multiply(&product, factor);
        add(&sums[m][v], product);
      }
      multiply(&factor, pixels[vectors - 1]);
      add(&sums[m][vectors - 1], factor);
    } else {
      UNROLLED for (int v = 0; v < vectors; v++) {
        vec product = pixels[v];
        multiply_by(&product, weight + m * LANES);
        add(&sums[m][v], product);
      }
    }
  }
}

INLINE void flat_step(vec sums[][FLAT_VECTORS_MAX], const float *from, ptrdiff_t last, const float *weight,
                      const int channels, const int vectors) {
  if (channels <= 2) {
    flat_step_few(sums, from, last, weight, channels, vectors);
  } else {
    flat_step_many(sums, from, last, weight, channels, vectors);
  }
}
#endif
