#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Rows of codes lie in groups of eight. In a group every four codes of a row are followed by the same four of the next
   row: code d of row r is byte (r / 8 * dimension + d / 4 * 4) * 8 + r % 8 * 4 + d % 4. So a register of 32 bytes holds
   four codes of each of eight rows, and sums never have to be added across a register. The number is code - 128; the
   dimension is a multiple of eight. */
enum { gallery_group_rows = 8, gallery_code_zero = 128 };

/* What rows are compared with: numbers of -32...32, so that four products fit into 16 bits, and the number's unit. */
enum { gallery_largest_probe_code = 32 };
struct gallery_probe {
    const int8_t *codes;
    float scale;
};

/* Whether this processor has the instructions that make the scan over codes quicker than OpenBLAS over floats. */
bool gallery_kernels_are_fast(void);

/* scores[p * stride + i] = probes[p].scale * row_scales[i] * sum over d of (rows' code of i and d - 128) * (probe's d).
   In the last group nothing is read but the rows that count. */
void gallery_score_codes(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,
                         const struct gallery_probe *probes, size_t probe_count, float *scores, size_t stride);

/* The same in plain C, for tests and for processors without those instructions. */
void gallery_score_codes_portable(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,
                                  const struct gallery_probe *probes, size_t probe_count, float *scores,
                                  size_t stride);

/* Writes the indices of the scores at or above the threshold, ascending, and returns how many there are. */
size_t gallery_select(const float *scores, size_t count, float threshold, uint32_t *indices);
