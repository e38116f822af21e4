#include "detector_kernels.h"
#include <sched.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define TARGET __attribute__((target("avx2,fma")))
#else
#define TARGET
#endif
#define KERNEL TARGET static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

/* Eight floats, at any address. The compiler turns them into the processor's own vectors: one of AVX2, two of NEON. */
typedef float float8 __attribute__((vector_size(32), aligned(4)));

KERNEL float8 load(const float *from) { return *(const float8 *)from; }
KERNEL void store(float *to, float8 value) { *(float8 *)to = value; }
KERNEL float8 splat(float x) { return (float8){x, x, x, x, x, x, x, x}; }

KERNEL float8 larger(float8 a, float8 b) {
#if defined(__x86_64__)
    return _mm256_max_ps(a, b); /* __builtin_elementwise_max takes three instructions more, for NaN. */
#else
    return __builtin_elementwise_max(a, b);
#endif
}

/* ---- Pointwise convolution and stem: tiles of up to 6 pixels by 16 outputs, whose 12 sums stay in registers. */

enum { tile_pixels = 6, tile_outputs = 16 };

KERNEL void begin_sums(int pixels, const float *bias, float8 sums[tile_pixels][2]) {
    UNROLLED for (int p = 0; p < pixels; p++) {
        sums[p][0] = load(bias);
        sums[p][1] = load(bias + 8);
    }
}

/* Adds x[p * step] times 16 weights to the sums of each pixel p. */
KERNEL void add_products(int pixels, const float *x, int step, const float *weights, float8 sums[tile_pixels][2]) {
    float8 low = load(weights), high = load(weights + 8);
    UNROLLED for (int p = 0; p < pixels; p++) {
        float8 factor = splat(x[p * step]);
        sums[p][0] += factor * low;
        sums[p][1] += factor * high;
    }
}

KERNEL void pointwise_tile(int pixels, const float *x, int inputs, const float *weights, const float *bias, float *y,
                           int outputs) {
    float8 sums[tile_pixels][2];
    begin_sums(pixels, bias, sums);
    for (int k = 0; k < inputs; k++) add_products(pixels, x + k, inputs, weights + tile_outputs * k, sums);
    UNROLLED for (int p = 0; p < pixels; p++) {
        store(y + p * outputs, sums[p][0]);
        store(y + p * outputs + 8, sums[p][1]);
    }
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
    float8 sums[tile_pixels][2];
    begin_sums(pixels, unit->stem_bias, sums);
    for (int row = 0; row < 9; row++)
        UNROLLED for (int column = 0; column < 3; column++)
            add_products(pixels, rows[row] + 2 * x - 1 + column, 2,
                         unit->stem_weights + tile_outputs * (3 * row + column), sums);
    UNROLLED for (int p = 0; p < pixels; p++) {
        store(y + 16 * p, larger(sums[p][0], splat(0)));
        store(y + 16 * p + 8, larger(sums[p][1], splat(0)));
    }
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
    for (; x < unit->width; x++) stem_tile(1, rows, x, unit, result + 16 * x);
}

/* ---- Depthwise convolution: tiles of up to 4 pixels by 8 channels; each pixel is read once for the three that need it. */

/* Rows begin at the pixel left of the first one of the tile. */
KERNEL void depthwise_tile(int pixels, const float *const rows[3], size_t offset, int channels, const float8 weights[9],
                           float8 bias, bool rectifies, float *y) {
    float8 sums[4];
    UNROLLED for (int p = 0; p < pixels; p++) sums[p] = bias;
    UNROLLED for (int row = 0; row < 3; row++)
        UNROLLED for (int column = 0; column < pixels + 2; column++) {
            float8 value = load(rows[row] + offset + column * channels);
            UNROLLED for (int p = 0; p < pixels; p++)
                if (column >= p && column <= p + 2) sums[p] += value * weights[3 * row + column - p];
        }
    UNROLLED for (int p = 0; p < pixels; p++)
        store(y + offset + p * channels, rectifies ? larger(sums[p], splat(0)) : sums[p]);
}

KERNEL void depthwise_row_of(int channels, const struct detector_unit *unit, const float *const rows[3], float *y) {
    enum { block = 16 };
    for (int start = 0; start < unit->width; start += block) {
        const int end = start + block < unit->width ? start + block : unit->width;
        for (int channel = 0; channel < channels; channel += 8) {
            float8 weights[9], bias = load(unit->depthwise_bias + channel);
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
        for (int channel = 0; channel < channels; channel += 8) {
            const int i = x * channels + channel;
            store(sums + i, load(fine + i) + load(coarse + x / 2 * channels + channel));
        }
}

TARGET static void pool_rows(const float *upper, const float *lower, int width, int channels, float *largest) {
    for (int x = 0; x < width / 2; x++)
        for (int channel = 0; channel < channels; channel += 8) {
            const int left = 2 * x * channels + channel, right = left + channels;
            store(largest + x * channels + channel, larger(larger(load(upper + left), load(upper + right)),
                                                           larger(load(lower + left), load(lower + right))));
        }
}

/* ---- Units */

/* The parts of a thread's scratch, in floats. */
struct layout {
    size_t input_row, output_row; /* without zeros around them */
    size_t ring_row;              /* a pointwise result with a pixel of zeros at both ends */
    size_t zeros;                 /* as long as a ring row and as a row of the planes */
};

static struct layout layout_of(const struct detector_unit *unit) {
    const size_t width = (size_t)unit->width;
    struct layout layout = {width * unit->inputs, width * unit->outputs, (width + 2) * unit->outputs, 0};
    layout.zeros = layout.ring_row > 2 * width ? layout.ring_row : 2 * width;
    return layout;
}

size_t detector_scratch(const struct detector_unit *units, int count) {
    size_t most = 0;
    for (int i = 0; i < count; i++) {
        const struct layout layout = layout_of(units + i);
        const size_t needed = 3 * layout.ring_row + layout.zeros + layout.input_row + 2 * layout.output_row;
        if (needed > most) most = needed;
    }
    return most;
}

/* The rows first..<last of a unit; both are even where it pools. The pointwise results go through a ring of three rows,
   which is what the depthwise convolution looks at. */
TARGET static void make_rows(const struct detector_unit *unit, int first, int last, float *scratch) {
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

bool detector_kernels_are_fast(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#elif defined(__aarch64__)
    return true;
#else
    return false;
#endif
}

/* Lets the processor, and after a while the other threads, go first. */
static void wait_a_moment(int *waited) {
    if (++*waited % 1024 == 0) sched_yield();
#if defined(__x86_64__)
    _mm_pause();
#endif
}

void detector_run(const struct detector_unit *units, int count, int bands, struct detector_progress *progress,
                  float *scratch) {
    for (int i = 0; i < count; i++) {
        const struct detector_unit *unit = units + i;
        const int rows = ((unit->height + bands - 1) / bands + 1) / 2 * 2;
        const int needed = (unit->height + rows - 1) / rows;
        for (int band; (band = __atomic_fetch_add(&progress->started[i], 1, __ATOMIC_RELAXED)) < needed;) {
            const int first = band * rows;
            make_rows(unit, first, first + rows < unit->height ? first + rows : unit->height, scratch);
            __atomic_fetch_add(&progress->finished[i], 1, __ATOMIC_RELEASE);
        }
        for (int waited = 0; __atomic_load_n(&progress->finished[i], __ATOMIC_ACQUIRE) < needed;)
            wait_a_moment(&waited);
    }
}
