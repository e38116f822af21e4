#include "variants.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2")))
#define KERNEL TARGET __attribute__((always_inline)) static inline
#define UNROLLED _Pragma("clang loop unroll(full)")

/* A group of sixteen rows is two registers of eight. */
enum { halves = 2, most_probes = 4 };

/* Four codes of a probe in each of the eight places. */
KERNEL __m256i four_codes(const int8_t *codes) {
    int32_t four;
    __builtin_memcpy(&four, codes, sizeof four);
    return _mm256_set1_epi32(four);
}

/* A group of rows by some probes; the sums stay in registers. A product is at most 255 * 32, so that two of them, and
   two such sums again, fit into 16 bits. */
KERNEL void score_tile(size_t probe_count, const uint8_t *rows, const float *row_scales, size_t dimension,
                        const struct gallery_probe *probes, float *scores, size_t stride) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sums[halves][most_probes];
    UNROLLED for (size_t h = 0; h < halves; h++)
        UNROLLED for (size_t p = 0; p < probe_count; p++)
            sums[h][p] = _mm256_set1_epi32(-gallery_code_zero * probes[p].sum);
    for (size_t d = 0; d < dimension; d += 8) {
        const __m256i *codes = (const __m256i *)(rows + d * gallery_group_rows);
        __m256i first[halves], second[halves];
        UNROLLED for (size_t h = 0; h < halves; h++) {
            first[h] = _mm256_loadu_si256(codes + h);
            second[h] = _mm256_loadu_si256(codes + halves + h);
        }
        UNROLLED for (size_t p = 0; p < probe_count; p++) {
            const __m256i a = four_codes(probes[p].codes + d), b = four_codes(probes[p].codes + d + 4);
            UNROLLED for (size_t h = 0; h < halves; h++) {
                const __m256i pairs =
                    _mm256_add_epi16(_mm256_maddubs_epi16(first[h], a), _mm256_maddubs_epi16(second[h], b));
                sums[h][p] = _mm256_add_epi32(sums[h][p], _mm256_madd_epi16(pairs, ones));
            }
        }
    }
    UNROLLED for (size_t p = 0; p < probe_count; p++)
        UNROLLED for (size_t h = 0; h < halves; h++) {
            const __m256 scale =
                _mm256_mul_ps(_mm256_set1_ps(probes[p].scale), _mm256_loadu_ps(row_scales + 8 * h));
            _mm256_storeu_ps(scores + p * stride + 8 * h, _mm256_mul_ps(scale, _mm256_cvtepi32_ps(sums[h][p])));
        }
}

TARGET void gallery_score_codes_avx2(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,
                                     const struct gallery_probe *probes, size_t probe_count, float *scores,
                                     size_t stride) {
    const size_t group_size = gallery_group_rows * dimension, tiles = probe_count / most_probes;
    size_t row = 0;
    for (; row + gallery_group_rows <= count; row += gallery_group_rows) {
        const uint8_t *group = rows + row * dimension, *ahead = group + rows_ahead * dimension;
        size_t p = 0;
        for (; p + most_probes <= probe_count; p += most_probes) {
            fetch(ahead, group_size / tiles);
            ahead += group_size / tiles;
            score_tile(most_probes, group, row_scales + row, dimension, probes + p, scores + p * stride + row, stride);
        }
        for (; p < probe_count; p++)
            score_tile(1, group, row_scales + row, dimension, probes + p, scores + p * stride + row, stride);
    }
    gallery_score_codes_portable(rows + row * dimension, row_scales + row, count - row, dimension, probes, probe_count,
                                 scores + row, stride);
}

TARGET size_t gallery_select_avx2(const float *scores, size_t count, float threshold, uint32_t *indices) {
    const __m256 least = _mm256_set1_ps(threshold);
    size_t found = 0, i = 0;
    for (; i + 8 <= count; i += 8) {
        unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(scores + i), least, _CMP_GE_OQ));
        for (; mask; mask &= mask - 1) indices[found++] = (uint32_t)(i + (size_t)__builtin_ctz(mask));
    }
    for (; i < count; i++)
        if (scores[i] >= threshold) indices[found++] = (uint32_t)i;
    return found;
}
#endif
