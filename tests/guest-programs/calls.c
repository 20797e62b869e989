// Deep and frequent calls: Fibonacci, Ackermann, Takeuchi.
#include "bench.h"

#define CALL __attribute__((noinline, noclone))

static CALL unsigned fibonacci(unsigned n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static CALL unsigned ackermann(unsigned m, unsigned n)
{
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

static CALL int takeuchi(int x, int y, int z)
{
    if (x <= y)
        return z;
    return takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y));
}

static uint64_t unit(void)
{
    uint64_t sum = bench_mix(0, fibonacci(22));
    sum = bench_mix(sum, ackermann(2, 120));
    sum = bench_mix(sum, ackermann(3, 5));
    return bench_mix(sum, (uint64_t)takeuchi(12, 8, 4));
}

int main(int argc, char **argv)
{
    return bench_run("calls", unit, 800, UINT64_C(0x440e558a51b24579), argc, argv);
}
