#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether this processor has the instructions that make the scan over codes quicker than OpenBLAS over floats. */
bool gallery_kernels_are_fast(void);

/* scores[i] = probe_scale * row_scales[i] * sum over d of rows[i * dimension + d] * probe[d].
   Rows lie one after the other; dimension is a multiple of 32; codes are -127...127, so that no sum overflows. */
void gallery_score_codes(const int8_t *rows, const float *row_scales, size_t count, size_t dimension,
                         const int8_t *probe, float probe_scale, float *scores);

/* The same in plain C, for tests and for processors without those instructions. */
void gallery_score_codes_portable(const int8_t *rows, const float *row_scales, size_t count, size_t dimension,
                                  const int8_t *probe, float probe_scale, float *scores);

/* Writes the indices of the scores at or above the threshold, ascending, and returns how many there are. */
size_t gallery_select(const float *scores, size_t count, float threshold, uint32_t *indices);
