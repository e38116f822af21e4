#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define TILE_PIXELS 6
#define MAKE_ROWS detector_make_rows_avx2
#include "rows.h"
#endif
