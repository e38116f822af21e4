/* The arithmetic of the detector; each rows_*.c compiles it for other instructions. It says before:
     TARGET       the attribute that allows them
     LANES        the floats of a vector: 8 or 16
     TILE_PIXELS  the pixels of a tile: 6 or 12
     MAKE_ROWS    the name of the function at the end
   Whatever these are, the same numbers are multiplied and added in the same order. */
#include "variants.h"
#include <string.h>

#define KERNEL TARGET static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

enum { tile_pixels = TILE_PIXELS, tile_outputs = 16, parts = tile_outputs / LANES };

/* Some floats, at any address. The compiler makes them of the processor's own vectors: one of AVX2, two of NEON. */
typedef float floats __attribute__((ext_vector_type(LANES), aligned(4)));

/* How vectors are passed does not matter: all functions that take or return them are part of their callers. */
#pragma clang diagnostic ignored "-Wpsabi"

KERNEL floats load(const float *from) { return *(const floats *)from; }
KERNEL void store(float *to, floats value) { *(floats *)to = value; }
KERNEL floats larger(floats a, floats b) { return a > b ? a : b; }

/* ---- Pointwise convolution and stem: tiles of up to 6 or 12 pixels by 16 outputs, whose sums stay in 12 registers. */

KERNEL void begin_sums(int pixels, const float *bias, floats sums[tile_pixels][parts]) {
    UNROLLED for (int p = 0; p < pixels; p++)
        UNROLLED for (int i = 0; i < parts; i++) sums[p][i] = load(bias + LANES * i);
}

/* Adds x[p * step] times 16 weights to the sums of each pixel p. */
KERNEL void add_products(int pixels, const float *x, int step, const float *weights, floats sums[tile_pixels][parts]) {
    floats some[parts];
    UNROLLED for (int i = 0; i < parts; i++) some[i] = load(weights + LANES * i);
    UNROLLED for (int p = 0; p < pixels; p++) {
        floats factor = (floats)x[p * step];
        UNROLLED for (int i = 0; i < parts; i++) sums[p][i] += factor * some[i];
    }
}

KERNEL void pointwise_tile(int pixels, const float *x, int inputs, const float *weights, const float *bias, float *y,
                           int outputs) {
    floats sums[tile_pixels][parts];
    begin_sums(pixels, bias, sums);
    for (int k = 0; k < inputs; k++) add_products(pixels, x + k, inputs, weights + tile_outputs * k, sums);
    UNROLLED for (int p = 0; p < pixels; p++)
        UNROLLED for (int i = 0; i < parts; i++) store(y + p * outputs + LANES * i, sums[p][i]);
}

/* Pixels go in blocks that stay in the nearest cache while all groups of outputs are made of them. */
KERNEL void pointwise_row_of(int inputs, const struct detector_unit *unit, const float *x, float *y) {
    enum { block = 4 * tile_pixels };
    const int outputs = unit->outputs;
    for (int start = 0; start < unit->width; start += block) {
        const int end = start + block < unit->width ? start + block : unit->width;
        for (int group = 0; group < outputs; group += tile_outputs) {
            const float *weights = unit->pointwise_weights + group * inputs, *bias = unit->pointwise_bias + group;
            int p = start;
            for (; p + tile_pixels <= end; p += tile_pixels)
                pointwise_tile(tile_pixels, x + p * inputs, inputs, weights, bias, y + p * outputs + group, outputs);
            for (; p + 6 <= end; p += 6)
                pointwise_tile(6, x + p * inputs, inputs, weights, bias, y + p * outputs + group, outputs);
            const float *from = x + p * inputs;
            float *to = y + p * outputs + group;
            switch (end - p) {
            case 5: pointwise_tile(5, from, inputs, weights, bias, to, outputs); break;
            case 4: pointwise_tile(4, from, inputs, weights, bias, to, outputs); break;
            case 3: pointwise_tile(3, from, inputs, weights, bias, to, outputs); break;
            case 2: pointwise_tile(2, from, inputs, weights, bias, to, outputs); break;
            case 1: pointwise_tile(1, from, inputs, weights, bias, to, outputs); break;
            }
        }
    }
}

TARGET static void pointwise_row(const struct detector_unit *unit, const float *x, float *y) {
    switch (unit->inputs) {
    case 16: pointwise_row_of(16, unit, x, y); break;
    case 32: pointwise_row_of(32, unit, x, y); break;
    case 64: pointwise_row_of(64, unit, x, y); break;
    }
}

/* `rows` are those of three planes, three rows each; column -1 must be readable. */
KERNEL void stem_tile(int pixels, const float *const rows[9], int x, const struct detector_unit *unit, float *y) {
    floats sums[tile_pixels][parts];
    begin_sums(pixels, unit->stem_bias, sums);
    for (int row = 0; row < 9; row++)
        UNROLLED for (int column = 0; column < 3; column++)
            add_products(pixels, rows[row] + 2 * x - 1 + column, 2,
                         unit->stem_weights + tile_outputs * (3 * row + column), sums);
    UNROLLED for (int p = 0; p < pixels; p++)
        UNROLLED for (int i = 0; i < parts; i++)
            store(y + tile_outputs * p + LANES * i, larger(sums[p][i], (floats)0.0f));
}

/* One row of the stem's results; `zeros` is as long as a row of a plane. */
TARGET static void stem_row(const struct detector_unit *unit, int y, const float *zeros, float *result) {
    const size_t plane_width = 2 * (size_t)unit->width, plane_height = 2 * (size_t)unit->height;
    const float *rows[9], *edges[9];
    float edge[9][3];
    for (int plane = 0; plane < 3; plane++)
        for (int r = 0; r < 3; r++) {
            const int row = 2 * y - 1 + r;
            rows[3 * plane + r] =
                row < 0 ? zeros : unit->planes + (plane * plane_height + (size_t)row) * plane_width;
        }
    /* Left of the first pixel there are zeros, not the end of another row. */
    for (int i = 0; i < 9; i++) {
        edge[i][0] = 0;
        edge[i][1] = rows[i][0];
        edge[i][2] = rows[i][1];
        edges[i] = edge[i] + 1;
    }
    stem_tile(1, edges, 0, unit, result);
    int x = 1;
    for (; x + tile_pixels <= unit->width; x += tile_pixels) stem_tile(tile_pixels, rows, x, unit, result + 16 * x);
    for (; x + 6 <= unit->width; x += 6) stem_tile(6, rows, x, unit, result + 16 * x);
    for (; x < unit->width; x++) stem_tile(1, rows, x, unit, result + 16 * x);
}

/* ---- Depthwise convolution: tiles of up to 4 pixels by a vector of channels; each pixel is read once for the three that
   need it. */

/* Rows begin at the pixel left of the first one of the tile. */
KERNEL void depthwise_tile(int pixels, const float *const rows[3], size_t offset, int channels, const floats weights[9],
                           floats bias, bool rectifies, float *y) {
    floats sums[4];
    UNROLLED for (int p = 0; p < pixels; p++) sums[p] = bias;
    UNROLLED for (int row = 0; row < 3; row++)
        UNROLLED for (int column = 0; column < pixels + 2; column++) {
            floats value = load(rows[row] + offset + column * channels);
            UNROLLED for (int p = 0; p < pixels; p++)
                if (column >= p && column <= p + 2) sums[p] += value * weights[3 * row + column - p];
        }
    UNROLLED for (int p = 0; p < pixels; p++)
        store(y + offset + p * channels, rectifies ? larger(sums[p], (floats)0.0f) : sums[p]);
}

KERNEL void depthwise_row_of(int channels, const struct detector_unit *unit, const float *const rows[3], float *y) {
    enum { block = 16 };
    for (int start = 0; start < unit->width; start += block) {
        const int end = start + block < unit->width ? start + block : unit->width;
        for (int channel = 0; channel < channels; channel += LANES) {
            floats weights[9], bias = load(unit->depthwise_bias + channel);
            for (int t = 0; t < 9; t++) weights[t] = load(unit->depthwise_weights + t * channels + channel);
            int x = start;
            for (; x + 4 <= end; x += 4)
                depthwise_tile(4, rows, (size_t)x * channels + channel, channels, weights, bias, unit->rectifies, y);
            for (; x < end; x++)
                depthwise_tile(1, rows, (size_t)x * channels + channel, channels, weights, bias, unit->rectifies, y);
        }
    }
}

TARGET static void depthwise_row(const struct detector_unit *unit, const float *const rows[3], float *y) {
    switch (unit->outputs) {
    case 16: depthwise_row_of(16, unit, rows, y); break;
    case 32: depthwise_row_of(32, unit, rows, y); break;
    case 64: depthwise_row_of(64, unit, rows, y); break;
    }
}

/* ---- Before and after */

TARGET static void add_coarse_row(const float *fine, const float *coarse, int width, int channels, float *sums) {
    for (int x = 0; x < width; x++)
        for (int channel = 0; channel < channels; channel += LANES) {
            const int i = x * channels + channel;
            store(sums + i, load(fine + i) + load(coarse + x / 2 * channels + channel));
        }
}

TARGET static void pool_rows(const float *upper, const float *lower, int width, int channels, float *largest) {
    for (int x = 0; x < width / 2; x++)
        for (int channel = 0; channel < channels; channel += LANES) {
            const int left = 2 * x * channels + channel, right = left + channels;
            store(largest + x * channels + channel, larger(larger(load(upper + left), load(upper + right)),
                                                           larger(load(lower + left), load(lower + right))));
        }
}

/* The rows first..<last of a unit; both are even where it pools. The pointwise results go through a ring of three rows,
   which is what the depthwise convolution looks at. */
TARGET void MAKE_ROWS(const struct detector_unit *unit, int first, int last, float *scratch) {
    const struct layout layout = layout_of(unit);
    const int channels = unit->outputs;
    float *ring[3] = {scratch, scratch + layout.ring_row, scratch + 2 * layout.ring_row};
    float *zeros = scratch + 3 * layout.ring_row, *made = zeros + layout.zeros, *pair = made + layout.input_row;
    memset(zeros, 0, layout.zeros * sizeof(float));
    for (int i = 0; i < 3; i++) {
        memset(ring[i], 0, channels * sizeof(float));
        memset(ring[i] + layout.ring_row - channels, 0, channels * sizeof(float));
    }
    for (int row = first > 0 ? first - 1 : 0; row <= last; row++) {
        if (row < unit->height) {
            const float *x = made;
            if (unit->planes)
                stem_row(unit, row, zeros, made);
            else if (unit->coarse)
                add_coarse_row(unit->input + row * layout.input_row, unit->coarse + row / 2 * (layout.input_row / 2),
                               unit->width, unit->inputs, made);
            else
                x = unit->input + row * layout.input_row;
            pointwise_row(unit, x, ring[row % 3] + channels);
        }
        const int y = row - 1;
        if (y < first) continue;
        const float *rows[3] = {y > 0 ? ring[(y - 1) % 3] : zeros, ring[y % 3],
                                y + 1 < unit->height ? ring[(y + 1) % 3] : zeros};
        float *result = unit->output ? unit->output + y * layout.output_row : pair + y % 2 * layout.output_row;
        depthwise_row(unit, rows, result);
        if (unit->pooled && y % 2) {
            const float *upper = unit->output ? result - layout.output_row : pair;
            pool_rows(upper, result, unit->width, channels, unit->pooled + y / 2 * (layout.output_row / 2));
        }
    }
}

