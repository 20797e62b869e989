/* A function that is inlined, so that line tables switch files in the middle of one. */
#pragma once

static inline __attribute__((always_inline)) int checked_sum(void)
{
    volatile int sum = 0;
    for (int i = 1; i <= 100; i++)
        sum += i;
    return sum;
}
