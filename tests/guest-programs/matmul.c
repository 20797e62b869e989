// Dense matrix product in double precision, row by column.
#include "bench.h"

enum { Size = 96 };

static double s_a[Size][Size], s_b[Size][Size], s_c[Size][Size];

static uint64_t unit(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < Size; i++)
        for (int j = 0; j < Size; j++) {
            double dot = 0;
            for (int k = 0; k < Size; k++)
                dot += s_a[i][k] * s_b[k][j];
            s_c[i][j] = dot;
        }
    for (int i = 0; i < Size; i++)
        sum = bench_mix_double(sum, s_c[i][(i * 31) % Size]);
    return sum;
}

int main(int argc, char **argv)
{
    for (int i = 0; i < Size; i++)
        for (int j = 0; j < Size; j++) {
            s_a[i][j] = (double)(i + 1) / (j + 3);
            s_b[i][j] = (double)(j - i) / (i + 2);
        }
    return bench_run("matmul", unit, 120, UINT64_C(0x5b841e45b442dd6c), argc, argv);
}
