// Vectors of integers: blends, sums of absolute differences, saturation, on lanes of 8, 16 and 32 bits.
#include "bench.h"

typedef uint8_t v16u8 __attribute__((vector_size(16)));
typedef uint16_t v8u16 __attribute__((vector_size(16)));
typedef uint32_t v4u32 __attribute__((vector_size(16)));

enum { Rows = 4096 };

static v16u8 s_a[Rows], s_b[Rows];
static v8u16 s_wide[Rows];

static uint64_t unit(void)
{
    v4u32 sums = { 0 };
    v8u16 weights = { 3, 200, 77, 5, 9, 150, 31, 64 };
    for (int pass = 0; pass < 16; pass++)
        for (int i = 0; i < Rows; i++) {
            v16u8 a = s_a[i], b = s_b[i];
            // |a - b|, lane by lane
            v16u8 larger = (v16u8)(a > b);
            v16u8 difference = ((a - b) & larger) | ((b - a) & ~larger);
            v8u16 even = (v8u16)difference & 0xff, odd = (v8u16)difference >> 8;
            v8u16 blend = (even * weights + odd * (256 - weights)) >> 8;
            // no lane above 240
            v8u16 above = (v8u16)(blend > 240);
            s_wide[i] = (blend & ~above) | (above & 240);
            sums += ((v4u32)s_wide[i] & 0xffff) + ((v4u32)s_wide[i] >> 16);
            s_a[i] = a + (v16u8)(s_wide[i] << 1);
        }

    uint64_t sum = 0;
    for (int i = 0; i < Rows; i += 64)
        for (int lane = 0; lane < 8; lane++)
            sum = bench_mix(sum, s_wide[i][lane]);
    for (int lane = 0; lane < 4; lane++)
        sum = bench_mix(sum, sums[lane]);
    // the same start for each repetition
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < Rows; i++)
        for (int lane = 0; lane < 16; lane += 8) {
            uint64_t a = bench_random(&state), b = bench_random(&state);
            ((uint64_t *)&s_a[i])[lane / 8] = a;
            ((uint64_t *)&s_b[i])[lane / 8] = b;
        }
    return sum;
}

int main(int argc, char **argv)
{
    unit();
    return bench_run("lanes", unit, 300, UINT64_C(0x84b8e11e92fc2d2b), argc, argv);
}
