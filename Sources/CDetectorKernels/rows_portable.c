#define TARGET
#define LANES 8
#define TILE_PIXELS 6
#define MAKE_ROWS detector_make_rows_portable
#include "rows.h"
