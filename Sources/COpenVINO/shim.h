#pragma once
#include <malloc.h> /* malloc_trim, which is not in Swift's Glibc. */
#include <openvino/c/openvino.h>
#include <stdbool.h>

/* Whether the processor multiplies bfloat16 itself. OpenVINO runs it on any AVX-512 processor, but without these
 * instructions it widens every number first, which gains nothing. */
static inline bool openvino_bfloat16_is_native(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") || __builtin_cpu_supports("amx-bf16");
#else
    return false;
#endif
}

/* Swift cannot call variadic C functions: the property list of ov_core_compile_model is fixed here.
 *
 * The precision is always said: left alone, OpenVINO takes bfloat16 wherever the processor knows it.
 * Threads are not bound to cores: every compiled model would count the cores from the first one on, so that threads that
 * run different models end up on the same core while others idle. */
static inline ov_status_e openvino_compile_for_cpu(const ov_core_t *core, const ov_model_t *model,
                                                   const char *streams, const char *threads,
                                                   const char *precision, ov_compiled_model_t **compiled) {
    return ov_core_compile_model(core, model, "CPU", 10, compiled, ov_property_key_num_streams, streams,
                                 ov_property_key_inference_num_threads, threads,
                                 ov_property_key_hint_inference_precision, precision,
                                 ov_property_key_hint_performance_mode, "LATENCY",
                                 ov_property_key_hint_enable_cpu_pinning, "NO");
}
