#pragma once
#include <malloc.h> /* malloc_trim, which is not in Swift's Glibc. */
#include <openvino/c/openvino.h>

/* Swift cannot call variadic C functions: the property list of ov_core_compile_model is fixed here.
 *
 * Threads are not bound to cores: every compiled model would count the cores from the first one on, so that threads that
 * run different models end up on the same core while others idle. */
static inline ov_status_e openvino_compile_for_cpu(const ov_core_t *core, const ov_model_t *model,
                                                   const char *streams, const char *threads,
                                                   ov_compiled_model_t **compiled) {
    return ov_core_compile_model(core, model, "CPU", 8, compiled, ov_property_key_num_streams, streams,
                                 ov_property_key_inference_num_threads, threads,
                                 ov_property_key_hint_performance_mode, "LATENCY",
                                 ov_property_key_hint_enable_cpu_pinning, "NO");
}
