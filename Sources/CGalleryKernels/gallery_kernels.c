#include "gallery_kernels.h"

void gallery_score_codes_portable(const int8_t *rows, const float *row_scales, size_t count, size_t dimension,
                                  const int8_t *probe, float probe_scale, float *scores) {
    for (size_t row = 0; row < count; row++) {
        const int8_t *codes = rows + row * dimension;
        int32_t sum = 0;
        for (size_t d = 0; d < dimension; d++) sum += (int32_t)codes[d] * probe[d];
        scores[row] = probe_scale * row_scales[row] * (float)sum;
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

/* One row: |row| * (probe with the row's signs) is the same product with an unsigned first factor, which is what the
   byte multiplication wants; two products of at most 127 * 127 fit into 16 bits. */
__attribute__((target("avx2"))) static inline __m256i
multiply_add(__m256i sum, __m256i row, __m256i probe, __m256i ones) {
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(row), _mm256_sign_epi8(probe, row));
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
}

__attribute__((target("avx2"))) static void
score_codes_avx2(const int8_t *rows, const float *row_scales, size_t count, size_t dimension, const int8_t *probe,
                 float probe_scale, float *scores) {
    const __m256i ones = _mm256_set1_epi16(1);
    const __m128 scale = _mm_set1_ps(probe_scale);
    size_t row = 0;
    /* Four rows at a time: their sums are folded together, and the loads of one hide behind the work of another. */
    for (; row + 4 <= count; row += 4) {
        const int8_t *codes = rows + row * dimension;
        __m256i a = _mm256_setzero_si256(), b = a, c = a, e = a;
        for (size_t d = 0; d < dimension; d += 32) {
            const __m256i p = _mm256_loadu_si256((const __m256i *)(probe + d));
            a = multiply_add(a, _mm256_loadu_si256((const __m256i *)(codes + d)), p, ones);
            b = multiply_add(b, _mm256_loadu_si256((const __m256i *)(codes + dimension + d)), p, ones);
            c = multiply_add(c, _mm256_loadu_si256((const __m256i *)(codes + 2 * dimension + d)), p, ones);
            e = multiply_add(e, _mm256_loadu_si256((const __m256i *)(codes + 3 * dimension + d)), p, ones);
        }
        const __m256i folded = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, e));
        const __m128i sums = _mm_add_epi32(_mm256_castsi256_si128(folded), _mm256_extracti128_si256(folded, 1));
        const __m128 scales = _mm_mul_ps(scale, _mm_loadu_ps(row_scales + row));
        _mm_storeu_ps(scores + row, _mm_mul_ps(scales, _mm_cvtepi32_ps(sums)));
    }
    gallery_score_codes_portable(rows + row * dimension, row_scales + row, count - row, dimension, probe, probe_scale,
                                 scores + row);
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

void gallery_score_codes(const int8_t *rows, const float *row_scales, size_t count, size_t dimension,
                         const int8_t *probe, float probe_scale, float *scores) {
    if (gallery_kernels_are_fast())
        score_codes_avx2(rows, row_scales, count, dimension, probe, probe_scale, scores);
    else
        gallery_score_codes_portable(rows, row_scales, count, dimension, probe, probe_scale, scores);
}

size_t gallery_select(const float *scores, size_t count, float threshold, uint32_t *indices) {
    return gallery_kernels_are_fast() ? select_avx2(scores, count, threshold, indices)
                                      : select_portable(scores, count, threshold, indices);
}

#else

bool gallery_kernels_are_fast(void) { return false; }

void gallery_score_codes(const int8_t *rows, const float *row_scales, size_t count, size_t dimension,
                         const int8_t *probe, float probe_scale, float *scores) {
    gallery_score_codes_portable(rows, row_scales, count, dimension, probe, probe_scale, scores);
}

size_t gallery_select(const float *scores, size_t count, float threshold, uint32_t *indices) {
    return select_portable(scores, count, threshold, indices);
}

#endif
