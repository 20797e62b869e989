// Moving memory: the C library's memcpy and memset, a loop of bytes, a loop of words, 1 MiB each.
#include "bench.h"
#include <string.h>

typedef uint64_t __attribute__((may_alias)) word;

enum { Size = 1 << 20, Copies = 30 };

static uint8_t s_from[Size] __attribute__((aligned(64))), s_to[Size] __attribute__((aligned(64)));

// stands for a reader the compiler does not see, so that no copy is dropped
#define OBSERVED(buffer) __asm__ volatile("" : : "r"(buffer) : "memory")

static uint64_t unit(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < Copies; i++) {
        memset(s_to, i, Size);
        OBSERVED(s_to);
        sum = bench_mix(sum, s_to[i * 1000]);
        memcpy(s_to, s_from, Size);
        OBSERVED(s_to);
        sum = bench_mix(sum, s_to[i * 1000]);
    }
    volatile uint8_t *byte_from = s_from, *byte_to = s_to;
    uint32_t bytes = 0;
    for (int i = 0; i < Size; i++) {
        uint8_t value = byte_from[i];
        byte_to[i] = (uint8_t)(value + 1);
        bytes = bytes * 31 + value;
    }
    volatile word *word_from = (volatile word *)s_from, *word_to = (volatile word *)s_to;
    uint64_t words = 0;
    for (int i = 0; i < Size / 8; i++) {
        uint64_t value = word_from[i];
        word_to[i] = value + 1;
        words ^= value * (uint64_t)(i | 1);
    }
    return bench_mix(bench_mix(sum, bytes), words);
}

int main(int argc, char **argv)
{
    for (int i = 0; i < Size; i++)
        s_from[i] = (uint8_t)(i * 7 + (i >> 8));
    return bench_run("memcpy", unit, 15, UINT64_C(0x923e1a01299e04f9), argc, argv);
}
