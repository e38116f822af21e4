#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dl_iterate_phdr */
#endif
#include <dlfcn.h>
#include <link.h>
#include <malloc.h> /* malloc_trim, which is not in Swift's Glibc. */
#include <openvino/c/openvino.h>
#include <stdlib.h>
#include <string.h>

enum { openvino_most_libraries = 16 };
struct openvino_libraries {
    char *names[openvino_most_libraries];
    int count;
};

static inline int openvino_note_library(struct dl_phdr_info *info, size_t size, void *context) {
    struct openvino_libraries *libraries = (struct openvino_libraries *)context;
    (void)size;
    if (info->dlpi_name && strstr(info->dlpi_name, "libopenvino") && libraries->count < openvino_most_libraries) {
        char *name = strdup(info->dlpi_name);
        if (name) libraries->names[libraries->count++] = name;
    }
    return 0;
}

/* Keeps the parts of OpenVINO that are loaded now until the process ends. It unloads the reader of a model's format with
 * the last model, even while another thread is still on its way out of that code (seen with 2026.4.1: a jump into memory
 * that is no longer there). */
static inline void openvino_keep_loaded(void) {
    struct openvino_libraries libraries = {{0}, 0};
    dl_iterate_phdr(openvino_note_library, &libraries);
    for (int i = 0; i < libraries.count; i++) {
        dlopen(libraries.names[i], RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
        free(libraries.names[i]);
    }
}

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
