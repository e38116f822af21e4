#include "variants.h"

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

size_t gallery_select_portable(const float *scores, size_t count, float threshold, uint32_t *indices) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (scores[i] >= threshold) indices[found++] = (uint32_t)i;
    return found;
}

void gallery_score_codes(enum instruction_set instructions, const uint8_t *rows, const float *row_scales, size_t count,
                         size_t dimension, const struct gallery_probe *probes, size_t probe_count, float *scores,
                         size_t stride) {
    switch (instructions) {
#if defined(__x86_64__)
    case instruction_set_avx512_vnni:
        gallery_score_codes_avx512_vnni(rows, row_scales, count, dimension, probes, probe_count, scores, stride);
        break;
    case instruction_set_avx2:
        gallery_score_codes_avx2(rows, row_scales, count, dimension, probes, probe_count, scores, stride);
        break;
#endif
    default: gallery_score_codes_portable(rows, row_scales, count, dimension, probes, probe_count, scores, stride);
    }
}

size_t gallery_select(enum instruction_set instructions, const float *scores, size_t count, float threshold,
                      uint32_t *indices) {
    switch (instructions) {
#if defined(__x86_64__)
    case instruction_set_avx512_vnni: return gallery_select_avx512_vnni(scores, count, threshold, indices);
    case instruction_set_avx2: return gallery_select_avx2(scores, count, threshold, indices);
#endif
    default: return gallery_select_portable(scores, count, threshold, indices);
    }
}
