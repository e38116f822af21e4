#include "imaging_kernels.h"

/* A fused multiplication and addition rounds once instead of twice: where the compiler may choose it, processors differ. */
#pragma STDC FP_CONTRACT OFF

/* The floats from `start` on; `lines` and `mixed` are those of the whole row. */
static void mix_rows_from(size_t start, const uint8_t *lines, size_t length, size_t taps, const float *weights,
                          float *mixed) {
    for (size_t i = start; i < length; i++) mixed[i] = weights[0] * (float)lines[i];
    for (size_t t = 1; t < taps; t++)
        for (size_t i = start; i < length; i++) mixed[i] += weights[t] * (float)lines[t * length + i];
}

static void mix_columns_from(size_t start, const float *row, size_t count, size_t taps, const ptrdiff_t *starts,
                             const float *weights, float *red, float *green, float *blue) {
    for (size_t x = start; x < count; x++) {
        const float *pixel = row + 3 * starts[x];
        const float *weight = weights + x * taps;
        float r = weight[0] * pixel[0], g = weight[0] * pixel[1], b = weight[0] * pixel[2];
        for (size_t t = 1; t < taps; t++) {
            pixel += 3;
            r += weight[t] * pixel[0];
            g += weight[t] * pixel[1];
            b += weight[t] * pixel[2];
        }
        red[x] = r;
        green[x] = g;
        blue[x] = b;
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static inline __m256 eight_bytes(const uint8_t *bytes) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)bytes)));
}

/* All taps of 32 floats stay in registers: the row is written once. */
__attribute__((target("avx2"))) static void
mix_rows_avx2(const uint8_t *lines, size_t length, size_t taps, const float *weights, float *mixed) {
    size_t i = 0;
    for (; i + 32 <= length; i += 32) {
        const uint8_t *line = lines + i;
        __m256 weight = _mm256_broadcast_ss(weights);
        __m256 a = _mm256_mul_ps(weight, eight_bytes(line)), b = _mm256_mul_ps(weight, eight_bytes(line + 8));
        __m256 c = _mm256_mul_ps(weight, eight_bytes(line + 16)), d = _mm256_mul_ps(weight, eight_bytes(line + 24));
        for (size_t t = 1; t < taps; t++) {
            line += length;
            weight = _mm256_broadcast_ss(weights + t);
            a = _mm256_add_ps(a, _mm256_mul_ps(weight, eight_bytes(line)));
            b = _mm256_add_ps(b, _mm256_mul_ps(weight, eight_bytes(line + 8)));
            c = _mm256_add_ps(c, _mm256_mul_ps(weight, eight_bytes(line + 16)));
            d = _mm256_add_ps(d, _mm256_mul_ps(weight, eight_bytes(line + 24)));
        }
        _mm256_storeu_ps(mixed + i, a);
        _mm256_storeu_ps(mixed + i + 8, b);
        _mm256_storeu_ps(mixed + i + 16, c);
        _mm256_storeu_ps(mixed + i + 24, d);
    }
    mix_rows_from(i, lines, length, taps, weights, mixed);
}

/* A pixel in each half of a vector: red, green, blue and a lane that nobody looks at. */
__attribute__((target("avx2"))) static inline __m256 two_pixels(const float *low, const float *high) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(low)), _mm_loadu_ps(high), 1);
}

__attribute__((target("avx2"))) static inline __m256 two_weights(const float *low, const float *high) {
    return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_broadcast_ss(low)), _mm_broadcast_ss(high), 1);
}

/* Eight pixels at a time, those four places apart in one vector, so that turning four vectors makes three planes. */
__attribute__((target("avx2"), always_inline)) static inline size_t
mix_columns_by_eight(const float *row, size_t count, size_t taps, const ptrdiff_t *starts, const float *weights,
                     float *red, float *green, float *blue) {
    size_t x = 0;
    for (; x + 8 <= count; x += 8, weights += 8 * taps) {
        __m256 sums[4];
        for (size_t k = 0; k < 4; k++) {
            const float *low = row + 3 * starts[x + k], *high = row + 3 * starts[x + k + 4];
            const float *low_weights = weights + k * taps, *high_weights = weights + (k + 4) * taps;
            __m256 sum = _mm256_mul_ps(two_weights(low_weights, high_weights), two_pixels(low, high));
            for (size_t t = 1; t < taps; t++)
                sum = _mm256_add_ps(sum, _mm256_mul_ps(two_weights(low_weights + t, high_weights + t),
                                                       two_pixels(low + 3 * t, high + 3 * t)));
            sums[k] = sum;
        }
        const __m256 rg01 = _mm256_unpacklo_ps(sums[0], sums[1]), rg23 = _mm256_unpacklo_ps(sums[2], sums[3]);
        const __m256 b01 = _mm256_unpackhi_ps(sums[0], sums[1]), b23 = _mm256_unpackhi_ps(sums[2], sums[3]);
        _mm256_storeu_ps(red + x, _mm256_shuffle_ps(rg01, rg23, _MM_SHUFFLE(1, 0, 1, 0)));
        _mm256_storeu_ps(green + x, _mm256_shuffle_ps(rg01, rg23, _MM_SHUFFLE(3, 2, 3, 2)));
        _mm256_storeu_ps(blue + x, _mm256_shuffle_ps(b01, b23, _MM_SHUFFLE(1, 0, 1, 0)));
    }
    return x;
}

/* A loop for each of the usual numbers of taps, which the compiler unrolls. */
__attribute__((target("avx2"))) static void
mix_columns_avx2(const float *row, size_t count, size_t taps, const ptrdiff_t *starts, const float *weights, float *red,
                 float *green, float *blue) {
    size_t done;
    switch (taps) {
    case 1: done = mix_columns_by_eight(row, count, 1, starts, weights, red, green, blue); break;
    case 2: done = mix_columns_by_eight(row, count, 2, starts, weights, red, green, blue); break;
    case 3: done = mix_columns_by_eight(row, count, 3, starts, weights, red, green, blue); break;
    case 4: done = mix_columns_by_eight(row, count, 4, starts, weights, red, green, blue); break;
    default: done = mix_columns_by_eight(row, count, taps, starts, weights, red, green, blue);
    }
    mix_columns_from(done, row, count, taps, starts, weights, red, green, blue);
}

#endif

void imaging_mix_rows(enum instruction_set instructions, const uint8_t *lines, size_t length, size_t taps,
                      const float *weights, float *mixed) {
#if defined(__x86_64__)
    if (instructions >= instruction_set_avx2) {
        mix_rows_avx2(lines, length, taps, weights, mixed);
        return;
    }
#endif
    mix_rows_from(0, lines, length, taps, weights, mixed);
}

void imaging_mix_columns(enum instruction_set instructions, const float *row, size_t count, size_t taps,
                         const ptrdiff_t *starts, const float *weights, float *red, float *green, float *blue) {
#if defined(__x86_64__)
    if (instructions >= instruction_set_avx2) {
        mix_columns_avx2(row, count, taps, starts, weights, red, green, blue);
        return;
    }
#endif
    mix_columns_from(0, row, count, taps, starts, weights, red, green, blue);
}
