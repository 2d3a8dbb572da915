// Winograd's transforms for 3×3 windows, LANES channels at once.
//
// F(4×4) evaluates at 0, ±5/8, ±3/2 and infinity. With a = 5/8, b = 3/2, A = a², B = b²:
//
//     Bᵀ = ⎡ AB   0   −A−B   0    1  0 ⎤   G = ⎡ 1/AB                        ⎤   Aᵀ = ⎡ 1  1   1   1   1  0 ⎤
//          ⎢ 0  −aB   −B     a    1  0 ⎥       ⎢ (1, a, A) / 2A(A−B)         ⎥        ⎢ 0  a  −a   b  −b  0 ⎥
//          ⎢ 0   aB   −B    −a    1  0 ⎥       ⎢ (1, −a, A) / 2A(A−B)        ⎥        ⎢ 0  A   A   B   B  0 ⎥
//          ⎢ 0  −bA   −A     b    1  0 ⎥       ⎢ (1, b, B) / 2B(B−A)         ⎥        ⎣ 0  aA −aA  bB −bB 1 ⎦
//          ⎢ 0   bA   −A    −b    1  0 ⎥       ⎢ (1, −b, B) / 2B(B−A)        ⎥
//          ⎣ 0   AB    0   −A−B   0  1 ⎦       ⎣ (0, 0, 1)                   ⎦
//
// The points ±1, ±2 of the textbook lose four times as many bits.
// Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, https://arxiv.org/abs/1509.09308;
// the choice of points: Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd Convolution", 2020,
// https://arxiv.org/abs/1803.10986.

#define POINT_A 0.625f
#define POINT_B 1.5f
#define SQUARE_A (POINT_A * POINT_A)
#define SQUARE_B (POINT_B * POINT_B)

// One line of six through Bᵀ.
INLINE void winograd4_line_input(vec out[6], vec d0, vec d1, vec d2, vec d3, vec d4, vec d5) {
  const vec square_a = splat(SQUARE_A), square_b = splat(SQUARE_B), product = splat(SQUARE_A * SQUARE_B);
  const vec sum = splat(SQUARE_A + SQUARE_B);
  vec even_a = d4 - square_b * d2, odd_a = splat(POINT_A) * (d3 - square_b * d1);
  vec even_b = d4 - square_a * d2, odd_b = splat(POINT_B) * (d3 - square_a * d1);
  out[0] = product * d0 + (d4 - sum * d2);
  out[1] = even_a + odd_a;
  out[2] = even_a - odd_a;
  out[3] = even_b + odd_b;
  out[4] = even_b - odd_b;
  out[5] = product * d1 + (d5 - sum * d3);
}

static void winograd4_input(const struct winograd_job *job) {
  for (int32_t tile = 0; tile < job->tiles; tile++) {
    const float *in = job->input + (ptrdiff_t)tile * 4 * LANES;
    float *out = job->output + (ptrdiff_t)tile * LANES;
    vec middle[6][6];
    UNROLLED for (int x = 0; x < 6; x++) {
      vec line[6];
      const float *column = in + x * LANES;
      winograd4_line_input(line, load(column), load(column + job->input_stride), load(column + 2 * job->input_stride),
                           load(column + 3 * job->input_stride), load(column + 4 * job->input_stride),
                           load(column + 5 * job->input_stride));
      UNROLLED for (int y = 0; y < 6; y++) middle[y][x] = line[y];
    }
    UNROLLED for (int y = 0; y < 6; y++) {
      vec line[6];
      winograd4_line_input(line, middle[y][0], middle[y][1], middle[y][2], middle[y][3], middle[y][4], middle[y][5]);
      UNROLLED for (int x = 0; x < 6; x++) store(out + (y * 6 + x) * job->output_stride, line[x]);
    }
  }
}

// One line of six through Aᵀ.
INLINE void winograd4_line_output(vec out[4], vec m0, vec m1, vec m2, vec m3, vec m4, vec m5) {
  vec sum_a = m1 + m2, difference_a = splat(POINT_A) * (m1 - m2);
  vec sum_b = m3 + m4, difference_b = splat(POINT_B) * (m3 - m4);
  out[0] = m0 + sum_a + sum_b;
  out[1] = difference_a + difference_b;
  out[2] = splat(SQUARE_A) * sum_a + splat(SQUARE_B) * sum_b;
  out[3] = splat(SQUARE_A) * difference_a + (splat(SQUARE_B) * difference_b + m5);
}

// Whether a lane of a sum of products with zero is not zero: then some factor was not finite.
INLINE int is_not_zero(vec value) {
  int found = 0;
  for (int lane = 0; lane < LANES; lane++) found |= !(value[lane] == 0);
  return found;
}

static int winograd4_output(const struct winograd_job *job) {
  vec check = splat(0);
  const vec zero = splat(0);
  for (int32_t tile = 0; tile < job->tiles; tile++) {
    const float *in = job->input + (ptrdiff_t)tile * LANES;
    float *out = job->output + (ptrdiff_t)tile * 4 * LANES;
    const ptrdiff_t step = job->input_stride;
    vec middle[4][6];
    UNROLLED for (int x = 0; x < 6; x++) {
      vec line[4];
      const float *column = in + x * step;
      winograd4_line_output(line, load(column), load(column + 6 * step), load(column + 12 * step),
                            load(column + 18 * step), load(column + 24 * step), load(column + 30 * step));
      UNROLLED for (int y = 0; y < 4; y++) middle[y][x] = line[y];
    }
    UNROLLED for (int y = 0; y < 4; y++) {
      vec line[4];
      winograd4_line_output(line, middle[y][0], middle[y][1], middle[y][2], middle[y][3], middle[y][4], middle[y][5]);
      UNROLLED for (int x = 0; x < 4; x++) {
        store(out + y * job->output_stride + x * LANES, line[x]);
        check += line[x] * zero;
      }
    }
  }
  return is_not_zero(check);
}

INLINE void winograd4_line_weight(vec out[6], vec g0, vec g1, vec g2) {
  const vec scale_a = splat(1 / (2 * SQUARE_A * (SQUARE_A - SQUARE_B)));
  const vec scale_b = splat(1 / (2 * SQUARE_B * (SQUARE_B - SQUARE_A)));
  vec even_a = scale_a * (g0 + splat(SQUARE_A) * g2), odd_a = scale_a * (splat(POINT_A) * g1);
  vec even_b = scale_b * (g0 + splat(SQUARE_B) * g2), odd_b = scale_b * (splat(POINT_B) * g1);
  out[0] = splat(1 / (SQUARE_A * SQUARE_B)) * g0;
  out[1] = even_a + odd_a;
  out[2] = even_a - odd_a;
  out[3] = even_b + odd_b;
  out[4] = even_b - odd_b;
  out[5] = g2;
}

static void winograd4_weight(const struct winograd_weight_job *job) {
  for (int32_t c = 0; c < job->channels; c++) {
    const float *in = job->input + (ptrdiff_t)c * 9 * LANES;
    float *out = job->output + c * job->channel_stride;
    vec middle[6][3];
    UNROLLED for (int x = 0; x < 3; x++) {
      vec line[6];
      winograd4_line_weight(line, load(in + x * LANES), load(in + (3 + x) * LANES), load(in + (6 + x) * LANES));
      UNROLLED for (int y = 0; y < 6; y++) middle[y][x] = line[y];
    }
    UNROLLED for (int y = 0; y < 6; y++) {
      vec line[6];
      winograd4_line_weight(line, middle[y][0], middle[y][1], middle[y][2]);
      UNROLLED for (int x = 0; x < 6; x++) store(out + (y * 6 + x) * job->output_stride, line[x]);
    }
  }
}

// F(2×2) evaluates at 0, ±1 and infinity.
INLINE void winograd2_line_input(vec out[4], vec d0, vec d1, vec d2, vec d3) {
  out[0] = d0 - d2;
  out[1] = d1 + d2;
  out[2] = d2 - d1;
  out[3] = d1 - d3;
}

static void winograd2_input(const struct winograd_job *job) {
  for (int32_t tile = 0; tile < job->tiles; tile++) {
    const float *in = job->input + (ptrdiff_t)tile * 2 * LANES;
    float *out = job->output + (ptrdiff_t)tile * LANES;
    vec middle[4][4];
    UNROLLED for (int x = 0; x < 4; x++) {
      vec line[4];
      const float *column = in + x * LANES;
      winograd2_line_input(line, load(column), load(column + job->input_stride), load(column + 2 * job->input_stride),
                           load(column + 3 * job->input_stride));
      UNROLLED for (int y = 0; y < 4; y++) middle[y][x] = line[y];
    }
    UNROLLED for (int y = 0; y < 4; y++) {
      vec line[4];
      winograd2_line_input(line, middle[y][0], middle[y][1], middle[y][2], middle[y][3]);
      UNROLLED for (int x = 0; x < 4; x++) store(out + (y * 4 + x) * job->output_stride, line[x]);
    }
  }
}

static int winograd2_output(const struct winograd_job *job) {
  vec check = splat(0);
  const vec zero = splat(0);
  for (int32_t tile = 0; tile < job->tiles; tile++) {
    const float *in = job->input + (ptrdiff_t)tile * LANES;
    float *out = job->output + (ptrdiff_t)tile * 2 * LANES;
    const ptrdiff_t step = job->input_stride;
    vec middle[2][4];
    UNROLLED for (int x = 0; x < 4; x++) {
      const float *column = in + x * step;
      vec m0 = load(column), m1 = load(column + 4 * step), m2 = load(column + 8 * step), m3 = load(column + 12 * step);
      middle[0][x] = m0 + m1 + m2;
      middle[1][x] = m1 - m2 - m3;
    }
    UNROLLED for (int y = 0; y < 2; y++) {
      vec first = middle[y][0] + middle[y][1] + middle[y][2], second = middle[y][1] - middle[y][2] - middle[y][3];
      store(out + y * job->output_stride, first);
      store(out + y * job->output_stride + LANES, second);
      check += first * zero + second * zero;
    }
  }
  return is_not_zero(check);
}

INLINE void winograd2_line_weight(vec out[4], vec g0, vec g1, vec g2) {
  const vec half = splat(0.5f);
  out[0] = g0;
  out[1] = half * (g0 + g1 + g2);
  out[2] = half * (g0 - g1 + g2);
  out[3] = g2;
}

static void winograd2_weight(const struct winograd_weight_job *job) {
  for (int32_t c = 0; c < job->channels; c++) {
    const float *in = job->input + (ptrdiff_t)c * 9 * LANES;
    float *out = job->output + c * job->channel_stride;
    vec middle[4][3];
    UNROLLED for (int x = 0; x < 3; x++) {
      vec line[4];
      winograd2_line_weight(line, load(in + x * LANES), load(in + (3 + x) * LANES), load(in + (6 + x) * LANES));
      UNROLLED for (int y = 0; y < 4; y++) middle[y][x] = line[y];
    }
    UNROLLED for (int y = 0; y < 4; y++) {
      vec line[4];
      winograd2_line_weight(line, middle[y][0], middle[y][1], middle[y][2]);
      UNROLLED for (int x = 0; x < 4; x++) store(out + (y * 4 + x) * job->output_stride, line[x]);
    }
  }
}
