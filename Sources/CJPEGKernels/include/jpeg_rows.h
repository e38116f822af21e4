#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A baseline JPEG decoded by two threads. Its codes can only be read from the beginning, so whoever decodes the lower
   part must read those of the upper part, too; but turning them into pixels is the other half of the work.

   One thread calls jpeg_rows_upper, and any others jpeg_rows_lower, in any order. Who does the upper part does the rest as
   well when nobody has begun it. Together the pixels are those that one decoder gives, bit for bit. */
struct jpeg_rows {
    const uint8_t *file;
    size_t count;
    int denominator;     /* the size of the pixels: 1, 1/2, 1/4 or 1/8 of the file's */
    int width, height;   /* of the pixels */
    int split;           /* the first row of the lower part */
    uint8_t *pixels;     /* red, green and blue, row by row without gaps */
    bool lower_is_taken; /* somebody has begun the lower part */
    bool has_failed;     /* the decoder had something to complain of, or the file is of another kind */
};

void jpeg_rows_upper(struct jpeg_rows *rows);
void jpeg_rows_lower(struct jpeg_rows *rows);
