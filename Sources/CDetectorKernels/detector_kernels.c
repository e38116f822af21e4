#include "variants.h"
#include <sched.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

bool detector_kernels_are_fast(enum instruction_set instructions) {
#if defined(__aarch64__)
    return true;
#else
    return instructions >= instruction_set_avx2;
#endif
}

static make_rows *variant(enum instruction_set instructions) {
    switch (instructions) {
#if defined(__x86_64__)
    case instruction_set_avx512_vnni: return detector_make_rows_avx512;
    case instruction_set_avx2: return detector_make_rows_avx2;
#endif
    default: return detector_make_rows_portable;
    }
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

/* Lets the processor, and after a while the other threads, go first. */
static void wait_a_moment(int *waited) {
    if (++*waited % 1024 == 0) sched_yield();
#if defined(__x86_64__)
    _mm_pause();
#endif
}

void detector_run(enum instruction_set instructions, const struct detector_unit *units, int count, int bands,
                  struct detector_progress *progress, float *scratch) {
    make_rows *const make_rows = variant(instructions);
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
