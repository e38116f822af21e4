#pragma once

/* The sets of instructions that kernels are written for, plainest first. A processor that has one has those before it.
   portable:    whatever the compiler takes for granted: SSE2, or NEON
   avx2:        AVX2 and FMA (Intel since Haswell, AMD since Zen)
   avx512_vnni: besides, AVX-512 F, BW, DQ, VL and VNNI (Intel's servers since Cascade Lake, AMD since Zen 4) */
enum __attribute__((enum_extensibility(closed))) instruction_set {
    instruction_set_portable,
    instruction_set_avx2,
    instruction_set_avx512_vnni,
};

/* The last of them that this processor and its system have. */
enum instruction_set instruction_set_best(void);
