#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#define LANES 16
#define TILE_PIXELS 12
#define MAKE_ROWS detector_make_rows_avx512
#include "rows.h"
#endif
