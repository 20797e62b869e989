// Vectors of four floats: a step of particles under a spring, and products of 4x4 matrices.
#include "bench.h"

typedef float v4 __attribute__((vector_size(16)));

enum { Particles = 1024, Matrices = 256 };

static v4 s_place[Particles], s_speed[Particles];
static v4 s_left[Matrices][4], s_right[Matrices][4], s_product[Matrices][4];

static uint64_t unit(void)
{
    v4 step = { 0.001f, 0.001f, 0.001f, 0.001f };
    for (int i = 0; i < Particles; i++)
        s_place[i] = s_speed[i] = (v4){ i * 0.5f, 1.0f - i, i * 0.25f + 3, 0.125f };
    for (int round = 0; round < 8; round++)
        for (int i = 0; i < Particles; i++) {
            s_speed[i] -= s_place[i] * step;
            s_place[i] += s_speed[i] * step;
        }

    for (int m = 0; m < Matrices; m++)
        for (int row = 0; row < 4; row++) {
            v4 left = s_left[m][row], sum = s_right[m][0] * left[0];
            sum += s_right[m][1] * left[1];
            sum += s_right[m][2] * left[2];
            s_product[m][row] = sum + s_right[m][3] * left[3];
        }

    uint64_t sum = 0;
    for (int i = 0; i < Particles; i += 16)
        sum = bench_mix_double(sum, s_place[i][i / 16 % 4]);
    for (int m = 0; m < Matrices; m += 4)
        sum = bench_mix_double(sum, s_product[m][m / 4 % 4][m / 16 % 4]);
    return sum;
}

int main(int argc, char **argv)
{
    for (int m = 0; m < Matrices; m++)
        for (int row = 0; row < 4; row++) {
            s_left[m][row] = (v4){ m + row, 0.5f, 1.0f / (m + 1), -row };
            s_right[m][row] = (v4){ row, m * 0.01f, -1, 0.75f * m };
        }
    return bench_run("vectors", unit, 2000, UINT64_C(0x01cd81eca8a3573f), argc, argv);
}
