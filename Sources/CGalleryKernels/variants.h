#pragma once
#include "gallery_kernels.h"

/* The two functions of gallery_kernels.h for one set of instructions each. */

#define GALLERY_VARIANT(name)                                                                                        \
    void gallery_score_codes_##name(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,    \
                                    const struct gallery_probe *probes, size_t probe_count, float *scores,           \
                                    size_t stride);                                                                  \
    size_t gallery_select_##name(const float *scores, size_t count, float threshold, uint32_t *indices);

GALLERY_VARIANT(portable)
#if defined(__x86_64__)
GALLERY_VARIANT(avx2)
GALLERY_VARIANT(avx512_vnni)
#endif

/* While rows are scored, the codes of rows so far behind them are fetched from memory; otherwise a scan for several
   probes would first wait and then compute. Nothing needs to be there. */
enum { rows_ahead = 128 };

static inline void fetch(const uint8_t *codes, size_t size) {
    for (size_t i = 0; i < size; i += 64) __builtin_prefetch(codes + i, 0, 2);
}
