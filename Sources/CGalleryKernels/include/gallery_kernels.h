#pragma once
#include <instruction_set.h>
#include <stddef.h>
#include <stdint.h>

/* Rows of codes lie in groups of sixteen. In a group every four codes of a row are followed by the same four of the
   next row: code d of row r is byte (r / 16 * dimension + d / 4 * 4) * 16 + r % 16 * 4 + d % 4. So a register of 64
   bytes holds four codes of each of sixteen rows, one of 32 bytes of eight, and sums never have to be added across a
   register. The number is code - 128; the dimension is a multiple of eight. */
enum { gallery_group_rows = 16, gallery_code_zero = 128 };

/* What rows are compared with: numbers of -32...32, so that AVX2 can add up four products in 16 bits; their sum; and
   their unit. */
enum { gallery_largest_probe_code = 32 };
struct gallery_probe {
    const int8_t *codes;
    int32_t sum;
    float scale;
};

/* Both functions are told which instructions they may use, and give the same results with any, bit for bit. */

/* scores[p * stride + i] = probes[p].scale * row_scales[i] * sum over d of (rows' code of i and d - 128) * (probe's d).
   In the last group nothing is read but the rows that count. */
void gallery_score_codes(enum instruction_set instructions, const uint8_t *rows, const float *row_scales, size_t count,
                         size_t dimension, const struct gallery_probe *probes, size_t probe_count, float *scores,
                         size_t stride);

/* Writes the indices of the scores at or above the threshold, ascending, and returns how many there are. There is room
   for as many as there are scores. */
size_t gallery_select(enum instruction_set instructions, const float *scores, size_t count, float threshold,
                      uint32_t *indices);
