// Shared frame of the guest benchmark programs.
//
// A program is a unit of work that always returns the same checksum, repeated. Checking every
// repetition makes a wrong result visible at every scale, and keeps the compiler from dropping work.
// Output: one line "NAME CHECKSUM SECONDS", the time from CLOCK_MONOTONIC around all repetitions.
#ifndef BENCH_H
#define BENCH_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// the unit's checksum is known only at run time (it depends on a file, say): only require that all agree
#define BENCH_ANY UINT64_C(0)

static inline double bench_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// xorshift64: the same sequence everywhere; the state must not be zero
static inline uint64_t bench_random(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

static inline uint64_t bench_mix(uint64_t sum, uint64_t value)
{
    sum = (sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
    return sum ^ (sum >> 29);
}

static inline uint64_t bench_mix_double(uint64_t sum, double value)
{
    union { double number; uint64_t bits; } view = { .number = value };
    return bench_mix(sum, view.bits);
}

// Repetitions for a scale given as a decimal number on the command line; at least one.
static inline int bench_repetitions(int at_scale_one, int argc, char **argv)
{
    double scale = argc > 1 ? atof(argv[1]) : 1;
    int repetitions = (int)(at_scale_one * scale + 0.5);
    return repetitions < 1 ? 1 : repetitions;
}

static inline int bench_run(const char *name, uint64_t (*unit)(void), int at_scale_one, uint64_t expected,
                            int argc, char **argv)
{
    uint64_t (*volatile opaque)(void) = unit;
    int repetitions = bench_repetitions(at_scale_one, argc, argv);
    uint64_t sum = 0;
    double start = bench_now();
    for (int i = 0; i < repetitions; i++) {
        sum = opaque();
        if (expected == BENCH_ANY)
            expected = sum;
        if (sum != expected) {
            printf("%s FAILED: %016" PRIx64 " instead of %016" PRIx64 " in repetition %d\n", name, sum, expected, i);
            return 1;
        }
    }
    double seconds = bench_now() - start;
    printf("%s %016" PRIx64 " %.6f\n", name, sum, seconds);
    return 0;
}

#endif
