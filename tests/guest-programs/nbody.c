// Gravity between six bodies, symplectic Euler steps in double precision: divisions and square roots.
#include "bench.h"
#include <math.h>

enum { Bodies = 6, Steps = 2000 };

struct body { double position[3], velocity[3], mass; };

static const struct body s_start[Bodies] = {
    { { 0, 0, 0 }, { 0, 0, 0 }, 40 },
    { { 5.2, 0.1, -0.2 }, { 0.3, 2.7, 0.05 }, 0.04 },
    { { -9.1, 1.5, 0.4 }, { -0.2, -2.05, 0.1 }, 0.012 },
    { { 1.2, 12.6, -1.1 }, { -1.75, 0.15, -0.04 }, 0.0017 },
    { { 2.5, -18.3, 0.6 }, { 1.48, 0.2, 0.02 }, 0.0021 },
    { { 0.9, 0.7, 0.1 }, { -3.6, 4.6, 0.3 }, 0.00003 },
};

static void advance(struct body *bodies, double step)
{
    for (int i = 0; i < Bodies; i++)
        for (int j = i + 1; j < Bodies; j++) {
            double d[3], square = 0;
            for (int axis = 0; axis < 3; axis++) {
                d[axis] = bodies[i].position[axis] - bodies[j].position[axis];
                square += d[axis] * d[axis];
            }
            double pull = step / (square * sqrt(square));
            for (int axis = 0; axis < 3; axis++) {
                bodies[i].velocity[axis] -= d[axis] * bodies[j].mass * pull;
                bodies[j].velocity[axis] += d[axis] * bodies[i].mass * pull;
            }
        }
    for (int i = 0; i < Bodies; i++)
        for (int axis = 0; axis < 3; axis++)
            bodies[i].position[axis] += step * bodies[i].velocity[axis];
}

static uint64_t unit(void)
{
    struct body bodies[Bodies];
    uint64_t sum = 0;
    for (int i = 0; i < Bodies; i++)
        bodies[i] = s_start[i];
    for (int step = 0; step < Steps; step++)
        advance(bodies, 0.002);
    for (int i = 0; i < Bodies; i++)
        for (int axis = 0; axis < 3; axis++)
            sum = bench_mix_double(bench_mix_double(sum, bodies[i].position[axis]), bodies[i].velocity[axis]);
    return sum;
}

int main(int argc, char **argv)
{
    return bench_run("nbody", unit, 300, UINT64_C(0xa332b5f0739e662e), argc, argv);
}
