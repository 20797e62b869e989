// Spectral norm of the infinite matrix a(i, j) = 1 / ((i + j)(i + j + 1) / 2 + i + 1), power iteration.
#include "bench.h"
#include <math.h>

enum { Size = 100, Iterations = 5 };

static double element(int row, int column)
{
    return 1.0 / ((row + column) * (row + column + 1) / 2 + row + 1);
}

static void multiply(const double *in, double *out, int transposed)
{
    for (int i = 0; i < Size; i++) {
        double sum = 0;
        for (int j = 0; j < Size; j++)
            sum += (transposed ? element(j, i) : element(i, j)) * in[j];
        out[i] = sum;
    }
}

static uint64_t unit(void)
{
    double u[Size], v[Size], between[Size], uv = 0, vv = 0;
    for (int i = 0; i < Size; i++)
        u[i] = 1;
    for (int n = 0; n < Iterations; n++) {
        multiply(u, between, 0);
        multiply(between, v, 1);
        multiply(v, between, 0);
        multiply(between, u, 1);
    }
    for (int i = 0; i < Size; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    return bench_mix_double(0, sqrt(uv / vv));
}

int main(int argc, char **argv)
{
    return bench_run("spectral", unit, 400, UINT64_C(0x2a0991ed26f7785c), argc, argv);
}
