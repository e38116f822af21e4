#include "jpeg_rows.h"
#include <setjmp.h>
#include <stdio.h>
#include <jpeglib.h>

enum { rows_at_once = 8 };

struct guard {
    struct jpeg_error_mgr manager;
    jmp_buf failed;
};

static void give_up(j_common_ptr decoder) { longjmp(((struct guard *)decoder->err)->failed, 1); }

/* A level below 0 is a warning: the file is damaged. */
static void take_message(j_common_ptr decoder, int level) {
    if (level < 0) give_up(decoder);
}

static void print_nothing(j_common_ptr decoder) { (void)decoder; }

static bool begin(struct jpeg_decompress_struct *decoder, const struct jpeg_rows *rows) {
    jpeg_mem_src(decoder, rows->file, rows->count);
    if (jpeg_read_header(decoder, TRUE) != JPEG_HEADER_OK) return false;
    /* Several scans are put together before the first row, and inks are no colours. */
    if (decoder->progressive_mode || decoder->arith_code || jpeg_has_multiple_scans(decoder)) return false;
    if (decoder->jpeg_color_space != JCS_YCbCr && decoder->jpeg_color_space != JCS_GRAYSCALE) return false;
    decoder->scale_num = 1;
    decoder->scale_denom = (unsigned)rows->denominator;
    decoder->out_color_space = JCS_RGB;
    jpeg_start_decompress(decoder);
    return (int)decoder->output_width == rows->width && (int)decoder->output_height == rows->height;
}

/* Writes the rows before `end`. */
static void read_rows(struct jpeg_decompress_struct *decoder, const struct jpeg_rows *rows, int end) {
    size_t length = 3 * (size_t)rows->width;
    while ((int)decoder->output_scanline < end) {
        JSAMPROW lines[rows_at_once];
        int count = end - (int)decoder->output_scanline;
        if (count > rows_at_once) count = rows_at_once;
        for (int i = 0; i < count; i++) lines[i] = rows->pixels + length * (decoder->output_scanline + (unsigned)i);
        jpeg_read_scanlines(decoder, lines, (JDIMENSION)count);
    }
}

static bool take_lower(struct jpeg_rows *rows) {
    return !__atomic_exchange_n(&rows->lower_is_taken, true, __ATOMIC_RELAXED);
}

static bool decode_rows(struct jpeg_rows *rows, bool is_lower) {
    struct jpeg_decompress_struct decoder;
    struct guard guard;
    decoder.err = jpeg_std_error(&guard.manager);
    guard.manager.error_exit = give_up;
    guard.manager.emit_message = take_message;
    guard.manager.output_message = print_nothing;
    volatile bool is_made = false, went_well = false;
    if (setjmp(guard.failed) == 0) {
        jpeg_create_decompress(&decoder);
        is_made = true;
        if (begin(&decoder, rows)) {
            if (is_lower) {
                jpeg_skip_scanlines(&decoder, (JDIMENSION)rows->split);
            } else {
                read_rows(&decoder, rows, rows->split);
            }
            if (is_lower || take_lower(rows)) {
                read_rows(&decoder, rows, rows->height);
                jpeg_finish_decompress(&decoder);
            }
            went_well = true;
        }
    }
    if (is_made) jpeg_destroy_decompress(&decoder);
    return went_well;
}

void jpeg_rows_upper(struct jpeg_rows *rows) {
    if (!decode_rows(rows, false)) __atomic_store_n(&rows->has_failed, true, __ATOMIC_RELAXED);
}

void jpeg_rows_lower(struct jpeg_rows *rows) {
    if (take_lower(rows) && !decode_rows(rows, true)) __atomic_store_n(&rows->has_failed, true, __ATOMIC_RELAXED);
}
