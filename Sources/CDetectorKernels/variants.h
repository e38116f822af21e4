#pragma once
#include "detector_kernels.h"

/* The parts of a thread's scratch, in floats. */
struct layout {
    size_t input_row, output_row; /* without zeros around them */
    size_t ring_row;              /* a pointwise result with a pixel of zeros at both ends */
    size_t zeros;                 /* as long as a ring row and as a row of the planes */
};

static inline struct layout layout_of(const struct detector_unit *unit) {
    const size_t width = (size_t)unit->width;
    struct layout layout = {width * unit->inputs, width * unit->outputs, (width + 2) * unit->outputs, 0};
    layout.zeros = layout.ring_row > 2 * width ? layout.ring_row : 2 * width;
    return layout;
}

/* Makes some rows of a unit, for each set of instructions. */
typedef void make_rows(const struct detector_unit *unit, int first, int last, float *scratch);
make_rows detector_make_rows_portable;
#if defined(__x86_64__)
make_rows detector_make_rows_avx2, detector_make_rows_avx512;
#endif
