#pragma once
#include <instruction_set.h>
#include <stdbool.h>
#include <stddef.h>

/* Pixels lie row by row, the channels of a pixel side by side. Counts of channels are 16, 32 or 64. */

/* One unit of the detector: a pointwise convolution, a depthwise one of 3x3 on its result (zeros around it), and what
   precedes and follows them. */
struct detector_unit {
    int inputs, outputs; /* channels */
    int width, height;   /* of both convolutions; even where `pooled` is written */

    /* What goes in: the first that is not NULL.
       planes: 3 planes of 2 * height x 2 * width, from which a 3x3 convolution of stride 2 with a rectifier makes 16
               channels;
       coarse: `input`, and to each of its pixels one of a picture of half the size is added (sides are even);
       input:  the pixels themselves. */
    const float *planes, *coarse, *input;

    const float *stem_weights;           /* [3 planes * 3 rows * 3 columns][16] */
    const float *stem_bias;              /* [16] */
    const float *pointwise_weights;      /* [outputs / 16][inputs][16] */
    const float *pointwise_bias;         /* [outputs] */
    const float *depthwise_weights;      /* [3 rows * 3 columns][outputs] */
    const float *depthwise_bias;         /* [outputs] */
    bool rectifies;                      /* whether negative results become 0 */

    float *output; /* the results, or NULL */
    float *pooled; /* the largest of each 2x2 results, or NULL */
};

/* How far the units of one run are. All zero at first. */
struct detector_progress {
    int started[24];  /* bands that somebody took, per unit */
    int finished[24]; /* bands that are done, per unit */
};

/* Whether the kernels are quick with these instructions; with others they are here to be compared with. */
bool detector_kernels_are_fast(enum instruction_set instructions);

/* The floats that a thread needs beside the units' own memory. */
size_t detector_scratch(const struct detector_unit *units, int count);

/* Does the units one after the other, each in some bands of rows. Several threads may do so at the same time with the
   same progress and a scratch of their own each: they share the bands, and every band is done when one of them returns.
   The results do not depend on how many threads or bands there are. At most 24 units.
   With AVX2 and AVX-512 the results are the same bit for bit. The portable instructions of x86-64 round products before
   they are added. */
void detector_run(enum instruction_set instructions, const struct detector_unit *units, int count, int bands,
                  struct detector_progress *progress, float *scratch);
