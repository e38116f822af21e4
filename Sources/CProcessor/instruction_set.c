#include "instruction_set.h"

enum instruction_set instruction_set_best(void) {
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return instruction_set_portable;
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                   __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("avx512vnni")
               ? instruction_set_avx512_vnni
               : instruction_set_avx2;
#else
    return instruction_set_portable;
#endif
}
