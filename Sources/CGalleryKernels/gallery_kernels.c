#include "gallery_kernels.h"

void gallery_score_codes_portable(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,
                                  const struct gallery_probe *probes, size_t probe_count, float *scores,
                                  size_t stride) {
    for (size_t p = 0; p < probe_count; p++)
        for (size_t row = 0; row < count; row++) {
            const uint8_t *codes =
                rows + row / gallery_group_rows * gallery_group_rows * dimension + row % gallery_group_rows * 4;
            int32_t sum = 0;
            for (size_t d = 0; d < dimension; d++)
                sum += ((int32_t)codes[d / 4 * 4 * gallery_group_rows + d % 4] - gallery_code_zero) *
                       probes[p].codes[d];
            scores[p * stride + row] = probes[p].scale * row_scales[row] * (float)sum;
        }
}

static size_t select_portable(const float *scores, size_t count, float threshold, uint32_t *indices) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        indices[found] = (uint32_t)i;
        found += scores[i] >= threshold;
    }
    return found;
}

#if defined(__x86_64__)
#include <immintrin.h>

bool gallery_kernels_are_fast(void) { return __builtin_cpu_supports("avx2"); }

#define KERNEL __attribute__((target("avx2"), always_inline)) static inline
#define UNROLLED _Pragma("clang loop unroll(full)")

enum { most_groups = 2, most_probes = 4 };

/* Four codes of a probe in each of the eight places. */
KERNEL __m256i four_codes(const int8_t *codes) {
    int32_t four;
    __builtin_memcpy(&four, codes, sizeof four);
    return _mm256_set1_epi32(four);
}

/* Some groups of rows by some probes; the sums stay in registers. A product is at most 255 * 32, so that two of them,
   and two such sums again, fit into 16 bits. */
KERNEL void score_tile(size_t groups, size_t probe_count, const uint8_t *rows, const float *row_scales,
                       size_t dimension, const struct gallery_probe *probes, const int32_t *probe_sums, float *scores,
                       size_t stride) {
    const __m256i ones = _mm256_set1_epi16(1);
    __m256i sums[most_groups][most_probes];
    UNROLLED for (size_t g = 0; g < groups; g++)
        UNROLLED for (size_t p = 0; p < probe_count; p++) sums[g][p] = _mm256_setzero_si256();
    for (size_t d = 0; d < dimension; d += 8) {
        __m256i first[most_groups], second[most_groups];
        UNROLLED for (size_t g = 0; g < groups; g++) {
            const uint8_t *codes = rows + (g * dimension + d) * gallery_group_rows;
            first[g] = _mm256_loadu_si256((const __m256i *)codes);
            second[g] = _mm256_loadu_si256((const __m256i *)(codes + 32));
        }
        UNROLLED for (size_t p = 0; p < probe_count; p++) {
            const __m256i a = four_codes(probes[p].codes + d), b = four_codes(probes[p].codes + d + 4);
            UNROLLED for (size_t g = 0; g < groups; g++) {
                const __m256i pairs =
                    _mm256_add_epi16(_mm256_maddubs_epi16(first[g], a), _mm256_maddubs_epi16(second[g], b));
                sums[g][p] = _mm256_add_epi32(sums[g][p], _mm256_madd_epi16(pairs, ones));
            }
        }
    }
    UNROLLED for (size_t p = 0; p < probe_count; p++) {
        const __m256i zero = _mm256_set1_epi32(gallery_code_zero * probe_sums[p]);
        UNROLLED for (size_t g = 0; g < groups; g++) {
            const __m256 scale = _mm256_mul_ps(_mm256_set1_ps(probes[p].scale),
                                               _mm256_loadu_ps(row_scales + g * gallery_group_rows));
            const __m256 sum = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums[g][p], zero));
            _mm256_storeu_ps(scores + p * stride + g * gallery_group_rows, _mm256_mul_ps(scale, sum));
        }
    }
}

/* From a row on as many tiles as are full. Returns the row behind them. */
KERNEL size_t score_groups(size_t groups, size_t probe_count, const uint8_t *rows, const float *row_scales, size_t row,
                           size_t count, size_t dimension, const struct gallery_probe *probes,
                           const int32_t *probe_sums, float *scores, size_t stride) {
    for (; row + groups * gallery_group_rows <= count; row += groups * gallery_group_rows)
        score_tile(groups, probe_count, rows + row * dimension, row_scales + row, dimension, probes, probe_sums,
                   scores + row, stride);
    return row;
}

__attribute__((target("avx2"))) static void
score_codes_avx2(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,
                 const struct gallery_probe *probes, size_t probe_count, float *scores, size_t stride) {
    for (size_t p = 0; p < probe_count;) {
        const struct gallery_probe *some = probes + p;
        float *some_scores = scores + p * stride;
        const size_t taken = probe_count - p < most_probes ? 1 : most_probes;
        int32_t sums[most_probes] = {0};
        for (size_t i = 0; i < taken; i++)
            for (size_t d = 0; d < dimension; d++) sums[i] += some[i].codes[d];
        size_t row = 0;
        if (taken == most_probes)
            row = score_groups(most_groups, most_probes, rows, row_scales, row, count, dimension, some, sums, some_scores,
                               stride);
        else
            /* Group by group: memory comes quickest when it is read from front to back. */
            row = score_groups(1, 1, rows, row_scales, row, count, dimension, some, sums, some_scores, stride);
        gallery_score_codes_portable(rows + row * dimension, row_scales + row, count - row, dimension, some, taken,
                                     some_scores + row, stride);
        p += taken;
    }
}

__attribute__((target("avx2"))) static size_t
select_avx2(const float *scores, size_t count, float threshold, uint32_t *indices) {
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

void gallery_score_codes(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,
                         const struct gallery_probe *probes, size_t probe_count, float *scores, size_t stride) {
    if (gallery_kernels_are_fast())
        score_codes_avx2(rows, row_scales, count, dimension, probes, probe_count, scores, stride);
    else
        gallery_score_codes_portable(rows, row_scales, count, dimension, probes, probe_count, scores, stride);
}

size_t gallery_select(const float *scores, size_t count, float threshold, uint32_t *indices) {
    return gallery_kernels_are_fast() ? select_avx2(scores, count, threshold, indices)
                                      : select_portable(scores, count, threshold, indices);
}

#else

bool gallery_kernels_are_fast(void) { return false; }

void gallery_score_codes(const uint8_t *rows, const float *row_scales, size_t count, size_t dimension,
                         const struct gallery_probe *probes, size_t probe_count, float *scores, size_t stride) {
    gallery_score_codes_portable(rows, row_scales, count, dimension, probes, probe_count, scores, stride);
}

size_t gallery_select(const float *scores, size_t count, float threshold, uint32_t *indices) {
    return select_portable(scores, count, threshold, indices);
}

#endif
