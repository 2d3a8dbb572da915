// Winograd's transforms, LANES channels at once. Every one is the same small matrix down and across a tile.
//
// Six points: 0, ±5/8, ±3/2 and infinity serve F(4×4) of 3×3 taps, F(3×3) of 4×4 and F(2×2) of 5×5. With a = 5/8,
// b = 3/2, A = a², B = b² and t = 3, 4 or 5 taps, 7 − t outputs:
//
//     Bᵀ = ⎡ AB   0   −A−B   0    1  0 ⎤   G = ⎡ (1, 0, …) / AB             ⎤   Aᵀ = ⎡ 1  1   1   1   1  0 ⎤
//          ⎢ 0  −aB   −B     a    1  0 ⎥       ⎢ (1, a, A, …) / 2A(A−B)     ⎥        ⎢ 0  a  −a   b  −b  0 ⎥
//          ⎢ 0   aB   −B    −a    1  0 ⎥       ⎢ (1, −a, A, …) / 2A(A−B)    ⎥        ⎢ 0  A   A   B   B  0 ⎥
//          ⎢ 0  −bA   −A     b    1  0 ⎥       ⎢ (1, b, B, …) / 2B(B−A)     ⎥        ⎣ 0  aA −aA  bB −bB 1 ⎦
//          ⎢ 0   bA   −A    −b    1  0 ⎥       ⎢ (1, −b, B, …) / 2B(B−A)    ⎥
//          ⎣ 0   AB    0   −A−B   0  1 ⎦       ⎣ (0, …, 1)                  ⎦   the last row of Aᵀ with the 1
//
// The points ±1, ±2 of the textbook lose four times as many bits.
// Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, https://arxiv.org/abs/1509.09308;
// the choice of points: Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd Convolution", 2020,
// https://arxiv.org/abs/1803.10986.

// Pixels or positions in a line of the largest tile.
#define WINOGRAD_MOST 6

// One line of a tile through a matrix.
typedef void winograd_line(vec *out, const vec *in);

// Whether a lane of a sum of products with zero is not zero: then some factor was not finite.
INLINE int is_not_zero(vec value) {
  int found = 0;
  for (int lane = 0; lane < LANES; lane++) found |= !(value[lane] == 0);
  return found;
}

// Tiles of `from` lines into tiles of `to` lines; returns, where it `checks`, whether one is not finite.
INLINE int winograd_tiles(const struct winograd_job *job, winograd_line *line, const int from, const int to,
                          const int checks) {
  vec check = splat(0);
  const vec zero = splat(0);
  for (int32_t tile = 0; tile < job->tiles; tile++) {
    const float *in = job->input + tile * job->input_tile_stride;
    float *out = job->output + tile * job->output_tile_stride;
    vec middle[WINOGRAD_MOST][WINOGRAD_MOST];
    UNROLLED for (int x = 0; x < from; x++) {
      vec column[WINOGRAD_MOST], done[WINOGRAD_MOST];
      UNROLLED for (int y = 0; y < from; y++) {
        column[y] = load(in + y * job->input_row_stride + x * job->input_column_stride);
      }
      line(done, column);
      UNROLLED for (int y = 0; y < to; y++) middle[y][x] = done[y];
    }
    UNROLLED for (int y = 0; y < to; y++) {
      vec done[WINOGRAD_MOST];
      line(done, middle[y]);
      UNROLLED for (int x = 0; x < to; x++) {
        store(out + y * job->output_row_stride + x * job->output_column_stride, done[x]);
        if (checks) check += done[x] * zero;
      }
    }
  }
  return checks ? is_not_zero(check) : 0;
}

// The same along one axis: lines of `from` into lines of `to`, neighbours `column_stride` apart.
INLINE int winograd_lines(const struct winograd_job *job, winograd_line *line, const int from, const int to,
                          const int checks) {
  vec check = splat(0);
  const vec zero = splat(0);
  for (int32_t tile = 0; tile < job->tiles; tile++) {
    const float *in = job->input + tile * job->input_tile_stride;
    float *out = job->output + tile * job->output_tile_stride;
    vec given[WINOGRAD_MOST], done[WINOGRAD_MOST];
    UNROLLED for (int x = 0; x < from; x++) given[x] = load(in + x * job->input_column_stride);
    line(done, given);
    UNROLLED for (int x = 0; x < to; x++) {
      store(out + x * job->output_column_stride, done[x]);
      if (checks) check += done[x] * zero;
    }
  }
  return checks ? is_not_zero(check) : 0;
}

#define POINT_A 0.625f
#define POINT_B 1.5f
#define SQUARE_A (POINT_A * POINT_A)
#define SQUARE_B (POINT_B * POINT_B)
#define SCALE_A (1 / (2 * SQUARE_A * (SQUARE_A - SQUARE_B)))
#define SCALE_B (1 / (2 * SQUARE_B * (SQUARE_B - SQUARE_A)))

INLINE void winograd4_input_line(vec *out, const vec *in) {
  const vec square_a = splat(SQUARE_A), square_b = splat(SQUARE_B), product = splat(SQUARE_A * SQUARE_B);
  const vec sum = splat(SQUARE_A + SQUARE_B);
  vec even_a = in[4] - square_b * in[2], odd_a = splat(POINT_A) * (in[3] - square_b * in[1]);
  vec even_b = in[4] - square_a * in[2], odd_b = splat(POINT_B) * (in[3] - square_a * in[1]);
  out[0] = product * in[0] + (in[4] - sum * in[2]);
  out[1] = even_a + odd_a;
  out[2] = even_a - odd_a;
  out[3] = even_b + odd_b;
  out[4] = even_b - odd_b;
  out[5] = product * in[1] + (in[5] - sum * in[3]);
}

// The weights of 3, 4 or 5 taps.
INLINE void six_points_weight(vec *out, const vec *in, const int taps) {
  const vec square_a = splat(SQUARE_A), square_b = splat(SQUARE_B);
  vec even_a = in[2], even_b = in[2], odd_a = in[1], odd_b = in[1];
  if (taps > 3) {
    odd_a += square_a * in[3];
    odd_b += square_b * in[3];
  }
  if (taps > 4) {
    even_a += square_a * in[4];
    even_b += square_b * in[4];
  }
  even_a = splat(SCALE_A) * (in[0] + square_a * even_a);
  even_b = splat(SCALE_B) * (in[0] + square_b * even_b);
  odd_a *= splat(SCALE_A * POINT_A);
  odd_b *= splat(SCALE_B * POINT_B);
  out[0] = splat(1 / (SQUARE_A * SQUARE_B)) * in[0];
  out[1] = even_a + odd_a;
  out[2] = even_a - odd_a;
  out[3] = even_b + odd_b;
  out[4] = even_b - odd_b;
  out[5] = in[taps - 1];
}

// 4, 3 or 2 outputs.
INLINE void six_points_output(vec *out, const vec *in, const int outputs) {
  vec sum_a = in[1] + in[2], difference_a = splat(POINT_A) * (in[1] - in[2]);
  vec sum_b = in[3] + in[4], difference_b = splat(POINT_B) * (in[3] - in[4]);
  out[0] = in[0] + sum_a + sum_b;
  out[1] = difference_a + difference_b;
  if (outputs > 2) out[2] = splat(SQUARE_A) * sum_a + splat(SQUARE_B) * sum_b;
  if (outputs > 3) out[3] = splat(SQUARE_A) * difference_a + splat(SQUARE_B) * difference_b;
  out[outputs - 1] += in[5];
}

INLINE void winograd4_weight_line(vec *out, const vec *in) { six_points_weight(out, in, 3); }
INLINE void winograd4_output_line(vec *out, const vec *in) { six_points_output(out, in, 4); }
INLINE void winograd3_weight_line(vec *out, const vec *in) { six_points_weight(out, in, 4); }
INLINE void winograd3_output_line(vec *out, const vec *in) { six_points_output(out, in, 3); }
INLINE void winograd2_of5_weight_line(vec *out, const vec *in) { six_points_weight(out, in, 5); }
INLINE void winograd2_of5_output_line(vec *out, const vec *in) { six_points_output(out, in, 2); }

static void winograd4_input(const struct winograd_job *job) { winograd_tiles(job, winograd4_input_line, 6, 6, 0); }
static void winograd4_weight(const struct winograd_job *job) { winograd_tiles(job, winograd4_weight_line, 3, 6, 0); }
static int winograd4_output(const struct winograd_job *job) {
  return winograd_tiles(job, winograd4_output_line, 6, 4, 1);
}
static void winograd3_weight(const struct winograd_job *job) { winograd_tiles(job, winograd3_weight_line, 4, 6, 0); }
static int winograd3_output(const struct winograd_job *job) {
  return winograd_tiles(job, winograd3_output_line, 6, 3, 1);
}
static void winograd2_of5_weight(const struct winograd_job *job) {
  winograd_tiles(job, winograd2_of5_weight_line, 5, 6, 0);
}
static int winograd2_of5_output(const struct winograd_job *job) {
  return winograd_tiles(job, winograd2_of5_output_line, 6, 2, 1);
}

// Windows of one row or one column.
static void winograd4_input_row(const struct winograd_job *job) { winograd_lines(job, winograd4_input_line, 6, 6, 0); }
static void winograd4_weight_row(const struct winograd_job *job) {
  winograd_lines(job, winograd4_weight_line, 3, 6, 0);
}
static int winograd4_output_row(const struct winograd_job *job) {
  return winograd_lines(job, winograd4_output_line, 6, 4, 1);
}
static void winograd3_weight_row(const struct winograd_job *job) {
  winograd_lines(job, winograd3_weight_line, 4, 6, 0);
}
static int winograd3_output_row(const struct winograd_job *job) {
  return winograd_lines(job, winograd3_output_line, 6, 3, 1);
}
static void winograd2_of5_weight_row(const struct winograd_job *job) {
  winograd_lines(job, winograd2_of5_weight_line, 5, 6, 0);
}
static int winograd2_of5_output_row(const struct winograd_job *job) {
  return winograd_lines(job, winograd2_of5_output_line, 6, 2, 1);
}
