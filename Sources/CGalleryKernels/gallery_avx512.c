#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define KERNEL TARGET __attribute__((always_inline)) static inline
#define UNROLLED _Pragma("clang loop unroll(full)")

enum { most_groups = 4, most_probes = 4 };

/* Four codes of a probe in each of the sixteen places. */
KERNEL __m512i four_codes(const int8_t *codes) {
    int32_t four;
    __builtin_memcpy(&four, codes, sizeof four);
    return _mm512_set1_epi32(four);
}

/* Some groups of rows by some probes; the sums stay in registers. One instruction adds four products to each of sixteen
   sums. */
KERNEL void score_tile(size_t groups, size_t probe_count, const uint8_t *rows, const float *row_scales,
                       size_t dimension, const struct gallery_probe *probes, float *scores, size_t stride) {
    __m512i sums[most_groups][most_probes];
    UNROLLED for (size_t g = 0; g < groups; g++)
        UNROLLED for (size_t p = 0; p < probe_count; p++)
            sums[g][p] = _mm512_set1_epi32(-gallery_code_zero * probes[p].sum);
    for (size_t d = 0; d < dimension; d += 4) {
        __m512i codes[most_groups];
        UNROLLED for (size_t g = 0; g < groups; g++)
            codes[g] = _mm512_loadu_si512(rows + (g * dimension + d) * gallery_group_rows);
        UNROLLED for (size_t p = 0; p < probe_count; p++) {
            const __m512i four = four_codes(probes[p].codes + d);
            UNROLLED for (size_t g = 0; g < groups; g++)
                sums[g][p] = _mm512_dpbusd_epi32(sums[g][p], codes[g], four);
        }
    }
    UNROLLED for (size_t p = 0; p < probe_count; p++)
        UNROLLED for (size_t g = 0; g < groups; g++) {
            const size_t row = g * gallery_group_rows;
            const __m512 scale =
                _mm512_mul_ps(_mm512_set1_ps(probes[p].scale), _mm512_loadu_ps(row_scales + row));
            _mm512_storeu_ps(scores + p * stride + row, _mm512_mul_ps(scale, _mm512_cvtepi32_ps(sums[g][p])));
        }
}

/* Some groups of rows by all probes. */
KERNEL void score_groups(size_t groups, const uint8_t *rows, const float *row_scales, size_t dimension,
                         const struct gallery_probe *probes, size_t probe_count, float *scores, size_t stride) {
    const size_t group_size = gallery_group_rows * dimension, tiles = probe_count / most_probes;
    const uint8_t *ahead = rows + rows_ahead * dimension;
    size_t p = 0;
    for (; p + most_probes <= probe_count; p += most_probes) {
        fetch(ahead, groups * group_size / tiles);
        ahead += groups * group_size / tiles;
        score_tile(groups, most_probes, rows, row_scales, dimension, probes + p, scores + p * stride, stride);
    }
    /* Group by group: memory comes quickest when it is read from front to back. */
    for (; p < probe_count; p++)
        for (size_t g = 0; g < groups; g++)
            score_tile(1, 1, rows + g * group_size, row_scales + g * gallery_group_rows, dimension, probes + p,
                       scores + p * stride + g * gallery_group_rows, stride);
}

TARGET void gallery_score_codes_avx512_vnni(const uint8_t *rows, const float *row_scales, size_t count,
                                            size_t dimension, const struct gallery_probe *probes, size_t probe_count,
                                            float *scores, size_t stride) {
    enum { tile_rows = most_groups * gallery_group_rows };
    size_t row = 0;
    for (; row + tile_rows <= count; row += tile_rows)
        score_groups(most_groups, rows + row * dimension, row_scales + row, dimension, probes, probe_count,
                     scores + row, stride);
    for (; row + gallery_group_rows <= count; row += gallery_group_rows)
        score_groups(1, rows + row * dimension, row_scales + row, dimension, probes, probe_count, scores + row, stride);
    gallery_score_codes_portable(rows + row * dimension, row_scales + row, count - row, dimension, probes, probe_count,
                                 scores + row, stride);
}

TARGET size_t gallery_select_avx512_vnni(const float *scores, size_t count, float threshold, uint32_t *indices) {
    enum { vectors = 4, glance = 16 * vectors };
    const __m512 least = _mm512_set1_ps(threshold);
    const __m512i places = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    size_t found = 0, i = 0;
    for (; i + glance <= count; i += glance) {
        __mmask16 chosen[vectors];
        UNROLLED for (size_t v = 0; v < vectors; v++)
            chosen[v] = _mm512_cmp_ps_mask(_mm512_loadu_ps(scores + i + 16 * v), least, _CMP_GE_OQ);
        if (!(chosen[0] | chosen[1] | chosen[2] | chosen[3])) continue;
        /* Sixteen indices are written, however few are chosen: there is room, as no more were found than looked at. */
        for (size_t v = 0; v < vectors; v++) {
            const __m512i numbers = _mm512_add_epi32(places, _mm512_set1_epi32((int)(i + 16 * v)));
            _mm512_storeu_si512(indices + found, _mm512_maskz_compress_epi32(chosen[v], numbers));
            found += (size_t)__builtin_popcount(chosen[v]);
        }
    }
    for (; i < count; i++)
        if (scores[i] >= threshold) indices[found++] = (uint32_t)i;
    return found;
}
#endif
