#pragma once
#include <instruction_set.h>
#include <stddef.h>
#include <stdint.h>

/* The two passes of the resampler. Each is told which instructions it may use. It does the same additions in the same
   order with any and on every processor, so that the results are equal bit for bit. */

/* mixed[i] = sum over t of weights[t] * lines[t * length + i]: one row out of `taps` rows of bytes, for i < length. */
void imaging_mix_rows(enum instruction_set instructions, const uint8_t *lines, size_t length, size_t taps,
                      const float *weights, float *mixed);

/* red[x] = sum over t of weights[x * taps + t] * row[3 * (starts[x] + t)], and green and blue from the floats behind it,
   for x < count. The row is interleaved colours, and readable for one float more than they are. */
void imaging_mix_columns(enum instruction_set instructions, const float *row, size_t count, size_t taps,
                         const ptrdiff_t *starts, const float *weights, float *red, float *green, float *blue);
