/* Makes a processor look like a lesser one to a program: LD_PRELOAD=limit_processor.so FIRSERVER_PROCESSOR=avx2 firserver …
 *
 * Linux can make CPUID trap (arch_prctl(2), ARCH_SET_CPUID; /proc/cpuinfo then has the flag cpuid_fault). Each trapped
 * CPUID is answered with the processor's own answer less the features beyond the limit, so that every library in the
 * process chooses as it would there. Exits with status 77 where the machine cannot do that. For tests only. */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { cannot_limit = 77 };

/* Bits that are taken away, leaf by leaf (Intel 64 and IA-32 Architectures Software Developer's Manual, CPUID). */
static uint32_t hidden_1_c;                           /* leaf 1: FMA, AVX, F16C */
static uint32_t hidden_7_b, hidden_7_c, hidden_7_d;   /* leaf 7, subleaf 0 */
static uint32_t hidden_7_1_a, hidden_7_1_d;           /* leaf 7, subleaf 1 */

static void choose(const char *limit) {
    /* AVX-512 (F, DQ, IFMA, PF, ER, CD, BW, VL, VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ, FP16 …), AMX, AVX-VNNI, BF16. */
    hidden_7_b = 1u << 16 | 1u << 17 | 1u << 21 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 30 | 1u << 31;
    hidden_7_c = 1u << 1 | 1u << 6 | 1u << 11 | 1u << 12 | 1u << 14;
    hidden_7_d = 1u << 2 | 1u << 3 | 1u << 8 | 1u << 22 | 1u << 23 | 1u << 24 | 1u << 25;
    hidden_7_1_a = 1u << 4 | 1u << 5;
    hidden_7_1_d = 1u << 4 | 1u << 5 | 1u << 10 | 1u << 19;
    if (!strcmp(limit, "avx2")) return;
    if (!strcmp(limit, "sse4")) {
        hidden_1_c = 1u << 12 | 1u << 28 | 1u << 29;
        hidden_7_b |= 1u << 5;
        hidden_7_c |= 1u << 9 | 1u << 10;
        return;
    }
    if (!strcmp(limit, "avx512")) { /* as in Skylake-X: F, DQ, CD, BW, VL */
        hidden_7_b = 1u << 21 | 1u << 26 | 1u << 27;
        return;
    }
    _exit(cannot_limit);
}

static void answer(int signal_number, siginfo_t *info, void *context) {
    (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const uint8_t *instruction = (const uint8_t *)registers[REG_RIP];
    if (instruction[0] != 0x0f || instruction[1] != 0xa2) { /* not CPUID: a real fault, which comes again */
        signal(signal_number, SIG_DFL);
        return;
    }
    uint32_t leaf = (uint32_t)registers[REG_RAX], subleaf = (uint32_t)registers[REG_RCX], a, b, c, d;
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, 1);
    __asm__ volatile("cpuid" : "=a"(a), "=b"(b), "=c"(c), "=d"(d) : "a"(leaf), "c"(subleaf));
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0);
    if (leaf == 1) c &= ~hidden_1_c;
    if (leaf == 7 && subleaf == 0) b &= ~hidden_7_b, c &= ~hidden_7_c, d &= ~hidden_7_d;
    if (leaf == 7 && subleaf == 1) a &= ~hidden_7_1_a, d &= ~hidden_7_1_d;
    registers[REG_RAX] = a, registers[REG_RBX] = b, registers[REG_RCX] = c, registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
}

/* Runs before every other library, the C library too (-z initfirst), which has no environment yet. */
__attribute__((constructor)) static void begin(int count, char **arguments, char **environment) {
    static const char name[] = "FIRSERVER_PROCESSOR=";
    (void)count, (void)arguments;
    while (*environment && strncmp(*environment, name, sizeof name - 1)) environment++;
    if (!*environment) return;
    choose(*environment + sizeof name - 1);
    struct sigaction action = {.sa_sigaction = answer, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    if (syscall(SYS_arch_prctl, ARCH_SET_CPUID, 0)) _exit(cannot_limit);
}
