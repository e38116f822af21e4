#pragma once
#include <openvino/c/openvino.h>

/* Swift cannot call variadic C functions: the property list of ov_core_compile_model is fixed here. */
static inline ov_status_e openvino_compile_for_cpu(const ov_core_t *core, const ov_model_t *model,
                                                   const char *streams, const char *threads,
                                                   ov_compiled_model_t **compiled) {
    return ov_core_compile_model(core, model, "CPU", 6, compiled, ov_property_key_num_streams, streams,
                                 ov_property_key_inference_num_threads, threads,
                                 ov_property_key_hint_performance_mode, "LATENCY");
}
