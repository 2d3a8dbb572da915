// Winograd's transforms of the small forms: F(2×2) of 3×3 taps, one pixel apart (four points) and two (phases).

// F(2×2) evaluates at 0, ±1 and infinity.
INLINE void winograd2_input_line(vec *out, const vec *in) {
  out[0] = in[0] - in[2];
  out[1] = in[1] + in[2];
  out[2] = in[2] - in[1];
  out[3] = in[1] - in[3];
}

INLINE void winograd2_weight_line(vec *out, const vec *in) {
  const vec half = splat(0.5f);
  out[0] = in[0];
  out[1] = half * (in[0] + in[1] + in[2]);
  out[2] = half * (in[0] - in[1] + in[2]);
  out[3] = in[2];
}

INLINE void winograd2_output_line(vec *out, const vec *in) {
  out[0] = in[0] + in[1] + in[2];
  out[1] = in[1] - in[2] - in[3];
}

static void winograd2_input(const struct winograd_job *job) { winograd_tiles(job, winograd2_input_line, 4, 4, 0); }
static void winograd2_weight(const struct winograd_job *job) { winograd_tiles(job, winograd2_weight_line, 3, 4, 0); }
static int winograd2_output(const struct winograd_job *job) {
  return winograd_tiles(job, winograd2_output_line, 4, 2, 1);
}

// Where outputs are two pixels apart, the even pixels meet the taps 0 and 2, the odd ones the tap 1:
//
//     y₀ = x₀g₀ + x₂g₂ + x₁g₁        y₁ = x₂g₀ + x₄g₂ + x₃g₁
//
// The even part is an F(2) of two taps with three products, (x₀−x₂)g₀, x₂(g₀+g₂) and (x₄−x₂)g₂; y₀ is the first and the
// second, y₁ the second and the third. The odd products x₁g₁ and x₃g₁ are added to the first and the third, so that five
// products make three sums: 25 instead of 36 for 2×2 outputs, with nothing but differences of neighbours.
INLINE void winograd2_step2_input_line(vec *out, const vec *in) {
  out[0] = in[0] - in[2];
  out[1] = in[2];
  out[2] = in[4] - in[2];
  out[3] = in[1];
  out[4] = in[3];
}

INLINE void winograd2_step2_weight_line(vec *out, const vec *in) {
  out[0] = in[0];
  out[1] = in[0] + in[2];
  out[2] = in[2];
  out[3] = in[1];
}

INLINE void winograd2_step2_output_line(vec *out, const vec *in) {
  out[0] = in[0] + in[1];
  out[1] = in[1] + in[2];
}

static void winograd2_step2_input(const struct winograd_job *job) {
  winograd_tiles(job, winograd2_step2_input_line, 5, 5, 0);
}
static void winograd2_step2_weight(const struct winograd_job *job) {
  winograd_tiles(job, winograd2_step2_weight_line, 3, 4, 0);
}
static int winograd2_step2_output(const struct winograd_job *job) {
  return winograd_tiles(job, winograd2_step2_output_line, 3, 2, 1);
}
