// The body of one CPU variant. The including file has set VARIANT, LANES and REGISTERS and pushed the target attribute.

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../include/kernels.h"

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)

#include "vector.h"
// FAMILIES: the bodies; each defines one static table.
#include "band.h"
#include "flat.h"
#include "transpose.h"
#include "panel.h"
#include "winograd.h"
#include "winograd_small.h"
#include "depthwise.h"
#include "channelwise.h"
#include "peak.h"

#include "functions.h"
#include "functions_double.h"
#include "elementwise.h"
#include "image.h"
#include "matrix.h"
#include "movement.h"
#include "normalization.h"
#include "pooling.h"
#include "random.h"
#include "reduction.h"

extern const struct kernel_set JOIN(kernel_set, VARIANT);

#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)

const struct kernel_set JOIN(kernel_set, VARIANT) = {
    .name = TEXT(VARIANT),
    .lanes = LANES,
    .registers = REGISTERS,
    // FAMILIES: the tables.
    .convolution =
        {
            .flat = flat,
            .band = band,
            .band_phases = band_phases,
            .spread = spread_columns,
            .depthwise = depthwise,
            .channelwise = channelwise,
            .panel = panel,
            .panel_weight = panel_weight,
            .block = block,
            .unblock = unblock,
            .winograd4 = {winograd4_input, winograd4_weight, winograd4_output},
            .winograd3 = {winograd4_input, winograd3_weight, winograd3_output},
            .winograd2 = {winograd2_input, winograd2_weight, winograd2_output},
            .winograd2_of5 = {winograd4_input, winograd2_of5_weight, winograd2_of5_output},
            .winograd4_row = {winograd4_input_row, winograd4_weight_row, winograd4_output_row},
            .winograd3_row = {winograd4_input_row, winograd3_weight_row, winograd3_output_row},
            .winograd2_of5_row = {winograd4_input_row, winograd2_of5_weight_row, winograd2_of5_output_row},
            .winograd2_step2 = {winograd2_step2_input, winograd2_step2_weight, winograd2_step2_output},
            .panel_pixels = PANEL_PIXELS,
            .flat_splats = FLAT_SPLATS,
            .flat_channels = FLAT_CHANNELS,
            .flat_vectors = FLAT_VECTORS,
        },
    .peak = {.run = peak_run, .chains = PEAK_CHAINS},
    .elementwise = ELEMENTWISE_TABLE,
    .image = {.pick = pick_run, .pick_pixels = pick_pixels_run, .blend_pixels = blend_pixels_run, .blend_columns = blend_columns_run, .blend_rows = blend_rows_run, .weigh_columns = weigh_columns_run, .weigh_rows = weigh_rows_run, .weigh_level_columns = weigh_level_columns_run, .weigh_level_rows = weigh_level_rows_run, .round_levels = round_levels_run, .are_levels = are_levels_run, .scan = scan_run,
              .tally = tally_run},
    .matrix = MATRIX_TABLE,
    .movement = {.copy = copy_run, .transpose = transpose_run},
    .normalization = {.softmax_rows = softmax_rows_run, .softmax_part = softmax_part_run,
                      .softmax_scale = softmax_scale_run, .softmax_columns = softmax_columns_run},
    .pooling = {.pool = pool_run},
    .random = {.uniform = uniform_run, .normal = normal_run},
    .reduction = REDUCTION_TABLE,
};
